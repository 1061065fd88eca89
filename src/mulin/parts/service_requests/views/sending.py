"""Forms of residents and partners: sent once whatever is pressed, with pictures that a mistake does not lose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse

from mulin.base import drafts as base_drafts
from mulin.base import files
from mulin.base.models import StoredFile
from mulin.base.operations import digest_of, run_once
from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError, Text
from mulin.parts.service_requests.services import photo_drafts
from mulin.parts.service_requests.services.photos import MAXIMUM_PHOTOS_A_STEP
from mulin.web import drafts
from mulin.web.typed import Typed

NOT_OF_THE_FORM = frozenset({"csrfmiddlewaretoken", "operation_id", "photos_remove"})
PHOTO_REFUSED_BEFORE_ZH = "照片没有收下："
PHOTO_REFUSED_BEFORE_EN = "The picture was not taken: "


@dataclass
class Sending:
    """One press of a form's button."""

    request: HttpRequest
    typed: Typed
    fresh: list[StoredFile] = field(default_factory=list)
    kept: list[StoredFile] = field(default_factory=list)

    @property
    def photos(self) -> list[StoredFile]:
        return [*self.kept, *self.fresh]

    @property
    def digest(self) -> str:
        """One digest over the address and every word."""
        sent = sorted(
            (name, texts) for name, texts in self.typed.values.items() if name not in NOT_OF_THE_FORM
        )
        return digest_of(self.request.path, sent)

    def take_photos(self, area_path: str) -> list[FieldProblem]:
        """Store what was sent beside what was kept before; a picture that cannot be used is a problem, not the end."""
        self.kept = [
            file
            for file in kept_photos(self.request)
            if file.public_id not in self.typed.texts("photos_remove")
        ]
        uploads = self.request.FILES.getlist("photos")
        room = MAXIMUM_PHOTOS_A_STEP - len(self.kept)
        problems = [too_many()] if len(uploads) > room else []
        for upload in uploads[: max(0, room)]:
            try:
                self.fresh.append(self.store(upload, area_path))
            except MulinError as error:
                problems.append(photo_problem(error))
        return problems

    def store(self, upload: Any, area_path: str) -> StoredFile:
        return files.store_upload(
            upload,
            purpose=photo_drafts.PURPOSE,
            area_path=area_path,
            actor_user_id=self.request.actor.user_id,  # type: ignore[attr-defined]
            now=self.request.clock.now(),  # type: ignore[attr-defined]
        )

    def run(self, action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Run `action` once for the form's operation id. Afterwards no draft is left; pictures of a repeat go."""
        is_done_now = False

        def act() -> dict[str, Any]:
            nonlocal is_done_now
            result = action()
            is_done_now = True
            return result

        result = run_once(
            key=self.typed.text("operation_id") or None,
            actor_key=self.request.actor.public_id,  # type: ignore[attr-defined]
            request_digest=self.digest,
            now=self.request.clock.now(),  # type: ignore[attr-defined]
            action=act,
        )
        if not is_done_now:
            for file in self.fresh:
                files.remove(file)
        if drafts.COOKIE in self.request.COOKIES and self.kept:
            photo_drafts.photos_forget(self.request.COOKIES[drafts.COOKIE])
        return result

    def keep(self, answer: Callable[[], HttpResponse]) -> HttpResponse:
        """The form was refused: words and pictures wait on the server, the page shows both again."""
        token = self.request.COOKIES.setdefault(drafts.COOKIE, base_drafts.new_token())
        photo_drafts.photos_keep(token, self.request.path, self.photos, self.request.clock.now())  # type: ignore[attr-defined]
        response = answer()
        drafts.keep(self.request, response)
        return response


def kept_photos(request: HttpRequest) -> list[StoredFile]:
    """Pictures that wait for the form at this address."""
    return photo_drafts.photos_kept(request.COOKIES.get(drafts.COOKIE, ""), request.path)


def too_many() -> FieldProblem:
    return FieldProblem(
        "photos",
        Text(
            zh=f"最多放 {MAXIMUM_PHOTOS_A_STEP} 张照片，多出的没有收下。",
            en=f"{MAXIMUM_PHOTOS_A_STEP} pictures at most; the others were not taken.",
        ),
        "photos-too-many",
    )


def photo_problem(error: MulinError) -> FieldProblem:
    text = Text(zh=PHOTO_REFUSED_BEFORE_ZH + error.text.zh, en=PHOTO_REFUSED_BEFORE_EN + error.text.en)
    return FieldProblem("photos", text, error.code)


def all_problems(*found: list[FieldProblem]) -> None:
    """Raise one InvalidInput with everything that is amiss, or nothing."""
    problems = [problem for group in found for problem in group]
    if problems:
        raise InvalidInput(problems=problems)
