"""The certificate of sealed originals: hash, time and place of each, for the handling office.

It lets an office rely on the photos it may see without ever holding the originals (design/workflow:
rings of sight). It is drawn like a letter, as docx or PDF.
"""

from collections.abc import Sequence

from webapp.documents.evidence import SealedOriginal, evidence_table
from webapp.documents.facts import Issuer, counted
from webapp.documents.letters import Letter, Paragraph, Registration, Signature

CERTIFICATE_TYPE = "BXN"


def certificate_of_originals(
    issuer: Issuer,
    case_code: str,
    originals: Sequence[SealedOriginal],
    registration: Registration,
    *,
    signature: Signature,
) -> Letter:
    """The bản xác nhận ảnh gốc of one case; raises ValueError when there is no original."""
    if not originals:
        raise ValueError("there is no original to certify")
    return Letter(
        type_code=CERTIFICATE_TYPE,
        notation=None,
        registration=registration,
        header=issuer.header,
        subject=f"Ảnh gốc trong hồ sơ vụ việc {case_code}",
        addressees=(),
        bases=(),
        blocks=(
            Paragraph(
                f"{issuer.name} xác nhận {counted(len(originals))} ảnh gốc dưới đây đã được niêm "
                "phong trong hồ sơ vụ việc và được giữ nguyên trạng từ ngày niêm phong:"
            ),
            evidence_table(originals),
            Paragraph(
                "Thời điểm chụp được ghi theo thông tin có trong ảnh; nơi chụp được ghi theo chỗ "
                "có sự việc trong hồ sơ, không theo tọa độ của máy. Mã kiểm chứng SHA-256 được "
                "tính trên toàn bộ tệp ảnh gốc; chỉ cần tệp thay đổi một chi tiết là mã sẽ khác."
            ),
            Paragraph(
                "Bản ảnh gửi cơ quan giải quyết đã bỏ thông tin thiết bị và vị trí. Việc đối chiếu "
                "với ảnh gốc được thực hiện theo đề nghị bằng văn bản, có lý do."
            ),
        ),
        recipients=(),
        filing=issuer.filing,
        signature=signature,
    )
