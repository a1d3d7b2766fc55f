"""Jobs: asked for and asked after."""

from tests.api.scene import Client, Scene


def test_a_retry_of_dead_letters_is_a_job(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    answer = client.post("/api/v1/deadletters/retry", json={"reason": "not_json"})
    assert answer.status_code == 202
    job = answer.json()
    assert (job["kind"], job["state"]) == ("retry_dead_letters", "waiting")
    assert job["arguments"] == {"reason": "not_json", "profile": None}
    assert client.get(f"/api/v1/jobs/{job['id']}").json() == job
    assert client.post("/api/v1/deadletters/retry", json={"reason": "not_json"}).json() == job


def test_a_job_nobody_asked_for_is_not_found(client: Client) -> None:
    missing = client.get("/api/v1/jobs/77")
    assert (missing.status_code, missing.json()["detail"]) == (
        404,
        "a job must exist by its number, got 77",
    )
