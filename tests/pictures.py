"""Pictures as people send them, made here."""

from __future__ import annotations

import io
from typing import Any

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

MARK = "zanzibarquartz"  # what nobody may learn
Size = tuple[int, int]


def drawn(size: Size = (80, 60), mode: str = "RGB") -> Image.Image:
    """A picture whose corners differ: red top left, green top right, blue bottom left."""
    width, height = size
    made = Image.new("RGB", size, (200, 200, 200))
    for colour, left, top in (((255, 0, 0), 0, 0), ((0, 255, 0), width // 2, 0), ((0, 0, 255), 0, height // 2)):
        made.paste(colour, (left, top, left + width // 2, top + height // 2))
    return made.convert(mode)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    """The file of a picture."""
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def jpeg(size: Size = (80, 60)) -> bytes:
    return saved(drawn(size), "JPEG", quality=95)


def png(size: Size = (80, 60), mode: str = "RGB") -> bytes:
    return saved(drawn(size, mode), "PNG")


def telling() -> dict[str, Any]:
    """All that a camera and a program write beside a picture, with the mark in it."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MARK
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = MARK
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (51.0, 28.0, 38.0)
    place[ExifTags.GPS.GPSAreaInformation] = MARK
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{MARK}</x:xmpmeta>'.encode()
    return {"exif": exif, "xmp": xmp, "icc_profile": profile()}


def profile() -> bytes:
    """A colour profile with the mark in its description, that is not sRGB by name."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = b"sRGB built-in"
    wide = name.decode().encode("utf-16-be")
    mark = MARK[: len(name)]
    return made.replace(wide, mark.encode("utf-16-be")).replace(name, mark.encode())


def telling_jpeg() -> bytes:
    """A photograph that tells where and by whom, in every place for it, and behind its end."""
    return saved(drawn(), "JPEG", quality=95, comment=MARK.encode(), **telling()) + MARK.encode() * 20


def telling_png() -> bytes:
    """The same as PNG."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", MARK)
    said.add_text("Location", MARK, zip=True)
    said.add_itxt("Comment", MARK)
    return saved(drawn(), "PNG", pnginfo=said, **telling()) + MARK.encode() * 20


def telling_webp() -> bytes:
    """The same as WebP."""
    return saved(drawn(), "WEBP", **telling()) + MARK.encode() * 20


def telling_gif() -> bytes:
    """An animation with a comment."""
    frames = [drawn(), drawn().rotate(90), drawn().rotate(180)]
    made = saved(
        frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[100, 200, 300], comment=MARK.encode()
    )
    return made + MARK.encode() * 20


def opened(data: bytes) -> Image.Image:
    """A picture that came back, read whole."""
    made = Image.open(io.BytesIO(data))
    made.load()
    return made
