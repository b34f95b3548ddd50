"""A list on a form's page and at the API: a zip of prefilled forms, and what is wrong with the list."""

import io
import re
import zipfile

import pytest

LIST = (
    "机构编码,鉴定所(站)名称(全称),发证日期\n"
    "61011001,西安市第一职业技能鉴定所,2003年5月6日\n"
    "61011002,西安市第二职业技能鉴定所,{}\n"
)


def listed(last="2004-07-01"):
    return (io.BytesIO(LIST.format(last).encode()), "名单.csv")


def posted(client, address, parts):
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/forms/evaluation").text)
    assert found
    return client.post(address, data={"csrf": found[1], **parts})


def names(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def test_a_list_on_the_page_gives_a_zip_of_forms(client):
    sent = posted(client, "/forms/evaluation/batches", {"list": listed(), "as": "xlsx"})
    assert sent.status_code == 303
    shown = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "已生成 2 份《评估表》" in shown
    taken = client.get(f"{sent.headers['Location']}.zip")
    assert names(taken.data) == [
        "附件1-评估表_61011001_西安市第一职业技能鉴定所.xlsx",
        "附件1-评估表_61011002_西安市第二职业技能鉴定所.xlsx",
    ]


def test_a_wrong_value_of_the_list_stands_on_the_page_with_its_row(client):
    sent = posted(client, "/forms/evaluation/batches", {"list": listed("2004-13-01"), "as": "docx"})
    shown = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "名单里有 1 处必须修改" in shown
    assert "名单.csv 第 3 行" in shown
    assert "“发证日期”应为日期" in shown


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        (None, 400, "选择一份名单"),
        (("甲,乙\n1,2\n", "名单.csv"), 422, "没有写着“机构编码”的表头"),
        (("机构编码\n" + "61011001\n" * 51, "名单.csv"), 422, "名单有 51 行,一次最多 50 行"),
    ],
)
def test_what_is_no_list_is_refused_on_the_page(given, status, sentence, client):
    fields = {"as": "pdf"} | ({"list": (io.BytesIO(given[0].encode()), given[1])} if given else {})
    answer = posted(client, "/forms/evaluation/batches", fields)
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)


def test_the_api_makes_a_batch_and_gives_its_job_and_zip(client):
    fields = {"form": "evaluation", "as": "docx", "list": listed("2004-13-01"), "names": "{序号}_{机构编码}"}
    made = client.post("/api/v1/batches", data=fields)
    assert made.status_code == 201
    job = client.get(made.headers["Location"]).json
    assert job == made.json
    assert (job["state"], job["made"], job["list"]) == ("done", 2, "名单.csv")
    assert [one["field"] for one in job["findings"] if one["severity"] == "must-fix"] == ["licence_date"]
    assert names(client.get(job["links"]["zip"]).data) == ["0001_61011001.docx", "0002_61011002.docx"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"form": "evaluation"}, 400),
        ({"form": "nothing", "list": True}, 404),
        ({"form": "evaluation", "list": True, "as": "exe"}, 400),
        ({"form": "evaluation", "list": True, "names": "{nothing}"}, 400),
    ],
)
def test_the_api_says_what_is_wrong_with_a_request(client, fields, status):
    given = {key: listed() if value is True else value for key, value in fields.items()}
    answer = client.post("/api/v1/batches", data=given)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_a_job_that_is_not_there_is_not_found(client):
    assert client.get("/jobs/none").status_code == 404
    assert client.get("/api/v1/jobs/none").status_code == 404
