"""A few drawn pictures for requests: nobody's photograph."""

from __future__ import annotations

import io
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from mulin.base.files import store_upload
from mulin.config.demo.lives import Life
from mulin.kernel.clock import SeededRandomness
from mulin.parts.service_requests.models import RequestPhoto
from mulin.parts.service_requests.rules import Step

WIDTH, HEIGHT = 960, 720
Colour = tuple[int, int, int]
SKIES: tuple[Colour, ...] = ((196, 219, 233), (226, 216, 196), (62, 72, 96))
WALLS: tuple[Colour, ...] = ((203, 178, 150), (186, 190, 184), (170, 140, 122))


def add_pictures(lives: list[Life], *, now: datetime, rng: SeededRandomness) -> int:
    """Give each of these requests the picture that its resident took; how many."""
    for life in lives:
        request = life.request
        uploaded = SimpleUploadedFile("photo.jpg", drawn(rng), content_type="image/jpeg")
        file = store_upload(
            uploaded, purpose="request", area_path=request.area_path, actor_user_id=None, now=now
        )
        RequestPhoto.objects.create(request=request, file=file, step=Step.RAISE, added_at=request.raised_at)
    return len(lives)


def drawn(rng: SeededRandomness) -> bytes:
    """A street with a house and a lamp, as JPEG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), rng.choice(SKIES))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, WIDTH, HEIGHT), fill=(110, 112, 110))
    house(draw, rng.randint(60, 240), rng.choice(WALLS), rng)
    lamp(draw, rng.randint(640, 860))
    puddle(draw, rng)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def house(draw: ImageDraw.ImageDraw, left: int, wall: Colour, rng: SeededRandomness) -> None:
    draw.rectangle((left, 150, left + 420, 540), fill=wall)
    for row in range(4):
        for column in range(5):
            lit = rng.random() < 0.3
            x, y = left + 30 + column * 78, 180 + row * 84
            draw.rectangle((x, y, x + 44, y + 52), fill=(250, 226, 150) if lit else (92, 110, 124))
    draw.rectangle((left + 184, 470, left + 236, 540), fill=(84, 62, 52))


def lamp(draw: ImageDraw.ImageDraw, x: int) -> None:
    draw.rectangle((x, 220, x + 10, 560), fill=(70, 74, 78))
    draw.line((x + 5, 224, x - 70, 204), fill=(70, 74, 78), width=8)
    draw.ellipse((x - 92, 196, x - 56, 216), fill=(48, 50, 52))


def puddle(draw: ImageDraw.ImageDraw, rng: SeededRandomness) -> None:
    x, y = rng.randint(120, 620), rng.randint(590, 650)
    draw.ellipse((x, y, x + rng.randint(140, 300), y + rng.randint(26, 58)), fill=(84, 92, 98))
