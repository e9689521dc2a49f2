"""What the commands of whoever runs the node do; ``node.cli`` reads the arguments."""
