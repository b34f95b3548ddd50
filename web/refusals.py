"""What is said of every request that cannot be met: its cause and the next step, in Chinese and English."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from services.carriers.reading import UnreadableError
from services.catalogue import UnknownFormError
from services.records.attachments import UnknownAttachmentError
from services.records.blobs import BlobError
from services.records.drafts import UnknownDraftError
from services.records.jobs import UnknownJobError
from services.records.packets import UnknownPacketError
from services.records.review import MissingMessageError
from services.records.slips import DeadlineError, UnknownSlipError
from services.records.submissions import RefusedError, UnknownSubmissionError
from services.records.uploads import UnknownUploadError


class AskedWronglyError(ValueError):
    """A request does not have the shape that is wanted; `message` and `message_en` say which that is."""

    def __init__(self, message: str, message_en: str) -> None:
        """Keep both wordings."""
        super().__init__(message)
        self.message = message
        self.message_en = message_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is said of a request that cannot be met: status, both wordings, a stable code."""

    status: int
    code: str
    message: str
    message_en: str


_MISSING = Refusal(
    status=404,
    code="not-found",
    message="没有这个页面或记录。请核对网址,或回首页查找",
    message_en="there is no such page or record",
)
_HTTP = MappingProxyType(
    {
        400: ("请求不完整,未作任何改动。请返回上一页再试一次", "the request is incomplete"),
        403: ("页面已过期或来自别的网站,未作任何改动。请返回上一页刷新后再提交", "the form's token is missing or old"),
        404: (_MISSING.message, _MISSING.message_en),
        405: ("这个网址不接受这种请求。请从首页进入", "the method is not allowed here"),
        413: (
            "上传的内容超过限度:一次总共不超过 60 MB、50 个文件(“生成上报材料”和“校验”两页不超过 240 MB)。请分几次上传",
            "the request is over 60 MB (240 MB where packets are handed in) or 50 files",
        ),
        415: ("请求的内容类型不对", "the content type is not supported"),
    }
)
_LOST = (
    UnknownAttachmentError,
    UnknownSubmissionError,
    UnknownDraftError,
    UnknownSlipError,
    UnknownUploadError,
    UnknownPacketError,
    UnknownJobError,
)


def refusal_of(error: Exception) -> Refusal:
    """Return what is said of an error: its cause and the next step."""
    match error:
        case UnreadableError() | RefusedError() | AskedWronglyError():
            return _worded(error)
        case UnknownFormError():
            return Refusal(status=404, code="unknown-form", message=str(error), message_en="no such form or region")
        case HTTPException():
            return _http_refusal(error)
        case _ if isinstance(error, _LOST):
            return _MISSING
        case _:
            return _failure(error)


def _worded(error: UnreadableError | RefusedError | AskedWronglyError) -> Refusal:
    """Return the refusal of an error that brings both wordings itself."""
    match error:
        case UnreadableError():
            status, code = 422, error.code
        case AskedWronglyError():
            status, code = 400, "bad-request"
        case MissingMessageError():
            status, code = 422, "message"
        case DeadlineError():
            status, code = 422, "deadline"
        case _:
            status, code = 409, "refused"
    return Refusal(status=status, code=code, message=error.message, message_en=error.message_en)


def _http_refusal(error: HTTPException) -> Refusal:
    status = error.code or 500
    message, english = _HTTP.get(status, _HTTP[400])
    return Refusal(status=status, code=error.name.lower().replace(" ", "-"), message=message, message_en=english)


def _failure(error: Exception) -> Refusal:
    """Return what is said of a failure that is ours."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
        message = "服务器磁盘已满或写不进去,这次的内容没有保存。请联系管理员,处理后再提交一次"
        return Refusal(status=507, code="storage", message=message, message_en="the disk is full or failing")
    if isinstance(error, OperationalError):
        message = "数据库正忙,这次的内容没有保存。请稍等几秒再提交一次"
        return Refusal(status=503, code="busy", message=message, message_en="the database is busy; try again")
    if isinstance(error, BlobError):
        message = "这份文件与保存时不一致,不能交出。请联系管理员从备份恢复"
        return Refusal(status=500, code="damaged", message=message, message_en="the kept file is missing or changed")
    message = "服务器出了故障,已记入日志。已经提交的内容不会丢失;请稍后再试,仍不行请联系管理员"
    return Refusal(status=500, code="failure", message=message, message_en="the service failed; it is in the log")
