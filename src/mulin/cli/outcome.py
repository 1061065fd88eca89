"""What a command ends with: an exit code, and for whatever went wrong one clear line, never a traceback."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from mulin.cli.words import say, text
from mulin.kernel.errors import InvalidInput, MulinError

DONE, FAILED, MISUSED = 0, 1, 2


def outcome_of(arguments: Sequence[str]) -> int:
    import typer
    from typer.exceptions import TyperException

    from mulin.cli.app import build
    from mulin.cli.usage import usage_problem

    as_json = "--json" in arguments
    try:
        result = build(with_help="--help" in arguments or not arguments)(
            args=list(arguments), prog_name="mulin", standalone_mode=False
        )
    except MulinError as error:
        return failed(error.code, lines_of(error), as_json)
    except TyperException as error:
        return misused(error, usage_problem(error))
    except (typer.Abort, KeyboardInterrupt):
        return failed("stopped", [say("已停止，没有继续。", "Stopped.")], as_json)
    except BrokenPipeError:
        return broken_pipe()
    except Exception as error:  # noqa: BLE001 (the last net: a person gets a sentence, the file gets the traceback)
        return failed("unexpected", [unexpected(error)], as_json)
    return result if isinstance(result, int) else DONE


def lines_of(error: MulinError) -> list[str]:
    """The sentence of an error, and one line for each of its problems where there are several."""
    lines = [text(error.text)]
    if isinstance(error, InvalidInput) and len(error.problems) > 1:
        lines += [f"  · {text(problem.text)}" for problem in error.problems[:20]]
    return lines


def failed(code: str, lines: Sequence[str], as_json: bool) -> int:
    if as_json:
        print(
            json.dumps(
                {"error": {"code": code, "message": lines[0], "details": list(lines[1:])}}, ensure_ascii=False
            )
        )
    else:
        print("\n".join(lines), file=sys.stderr)
    return FAILED


def misused(error: Exception, problem: str) -> int:
    """Called wrongly; a command called without its sub-command shows its help instead."""
    print(problem, file=sys.stderr)
    return int(getattr(error, "exit_code", MISUSED)) or MISUSED


def broken_pipe() -> int:
    """Whoever read the output has had enough (`mulin … | head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def unexpected(error: Exception) -> str:
    """Keep the traceback in a file and say where; nothing personal is put on the screen."""
    home = Path(os.environ.get("MULIN_HOME") or Path(__file__).resolve().parents[3] / "var")
    file = home / "log" / "cli-error.txt"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        kept = say(
            "（目录不可写，未能保存详情）", "(the folder cannot be written to, so no details were kept)"
        )
    else:
        kept = str(file)
    return say(
        f"程序出错，没有办成（{type(error).__name__}）。详情在 {kept}，请把它交给维护人员。",
        f"Something went wrong in the program ({type(error).__name__}); nothing was done. Details: {kept}",
    )
