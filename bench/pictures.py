"""A photograph to upload: smooth noise in three colours, which is as hard to pack as leaves."""

from __future__ import annotations

import io
from random import Random

from PIL import Image

SIZE = (1632, 1224)  # 2 MP
GRAIN = 6  # pixels of the picture for one of the noise
QUALITY = 88


def photograph(random: Random) -> bytes:
    """The JPEG."""
    small = (SIZE[0] // GRAIN, SIZE[1] // GRAIN)
    bands = [Image.frombytes("L", small, random.randbytes(small[0] * small[1])) for _ in range(3)]
    file = io.BytesIO()
    Image.merge("RGB", bands).resize(SIZE, Image.Resampling.BICUBIC).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
