"""Deployment files are read as their platforms read them: known fields only, and settings that exist."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from worker import settings

DEPLOY = Path(__file__).parents[2] / "deploy"
KNOWN = {settings.variable(field) for field in settings.Settings.model_fields}
KNOWN |= {f"{settings.variable(f)}_FILE" for f in settings.Settings.model_fields if settings.is_secret(f)}

POD_FIELDS = {
    *("enableServiceLinks", "automountServiceAccountToken", "terminationGracePeriodSeconds"),
    *("securityContext", "containers", "volumes"),
}
CONTAINER_FIELDS = set(
    "name image args env ports livenessProbe readinessProbe startupProbe resources securityContext volumeMounts".split()
)
TOP_LEVEL = {
    "Secret": {"type", "stringData"},
    "Deployment": {"spec"},
    "Service": {"spec"},
    "NetworkPolicy": {"spec"},
    "PodDisruptionBudget": {"spec"},
}
API_VERSIONS = {
    "Secret": "v1",
    "Deployment": "apps/v1",
    "Service": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
}
LABELS = {"app.kubernetes.io/name": "savvycal-sync"}
MANIFESTS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (DEPLOY / "kubernetes").glob("*.yaml")}
POD: dict[str, Any] = MANIFESTS["deployment"]["spec"]["template"]["spec"]
CONTAINER: dict[str, Any] = POD["containers"][0]


@pytest.mark.parametrize("name", sorted(MANIFESTS))
def test_a_manifest_has_fields_that_its_kind_knows(name: str) -> None:
    """An unknown field would be refused, or worse, ignored."""
    manifest = MANIFESTS[name]
    assert manifest["apiVersion"] == API_VERSIONS[manifest["kind"]]
    assert set(manifest) - {"apiVersion", "kind", "metadata"} == TOP_LEVEL[manifest["kind"]]
    assert manifest["metadata"]["name"] == "savvycal-sync"


def test_the_pod_runs_as_nobody_on_a_read_only_file_system() -> None:
    """With known fields only, and time to give back what it holds."""
    assert set(POD) <= POD_FIELDS
    assert set(CONTAINER) <= CONTAINER_FIELDS
    assert POD["securityContext"]["runAsUser"] == 10001
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"]
    assert CONTAINER["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert POD["terminationGracePeriodSeconds"] >= 30
    assert not POD["enableServiceLinks"]  # variables that nobody reads


def test_what_selects_the_pod_finds_it() -> None:
    """Service, policy and budget name the labels of the pod."""
    assert MANIFESTS["deployment"]["spec"]["template"]["metadata"]["labels"] == LABELS
    assert MANIFESTS["service"]["spec"]["selector"] == LABELS
    assert MANIFESTS["networkpolicy"]["spec"]["podSelector"]["matchLabels"] == LABELS
    assert MANIFESTS["poddisruptionbudget"]["spec"]["selector"]["matchLabels"] == LABELS


def test_each_secret_file_of_the_pod_is_in_the_secret() -> None:
    """A path that nobody provides would end the pod at its start."""
    mount = CONTAINER["volumeMounts"][0]["mountPath"]
    files = {one["value"].removeprefix(f"{mount}/") for one in CONTAINER["env"] if one["name"].endswith("_FILE")}
    assert files <= set(MANIFESTS["secret"]["stringData"])


def _variables() -> dict[str, set[str]]:
    fly = tomllib.loads((DEPLOY / "fly.toml").read_text("utf-8"))
    render = yaml.safe_load((DEPLOY / "render.yaml").read_text("utf-8"))
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return {
        "kubernetes": {one["name"] for one in CONTAINER["env"]},
        "fly.toml": set(fly["env"]),
        "render.yaml": {one["key"] for one in render["services"][1]["envVars"]},
        "compose.yaml": set(compose["services"]["worker"]["environment"]),
    }


@pytest.mark.parametrize(("name", "variables"), _variables().items())
def test_each_variable_is_a_setting(name: str, variables: set[str]) -> None:
    """And nothing is ever started for a forgotten one."""
    assert variables <= KNOWN, name
    assert "SAVVYCAL_EMBEDDED" in variables


def test_platforms_listen_where_the_program_does() -> None:
    """One port in each file."""
    fly = tomllib.loads((DEPLOY / "fly.toml").read_text("utf-8"))
    port = int(fly["env"]["SAVVYCAL_HTTP"].rpartition(":")[2])
    assert fly["http_service"]["internal_port"] == port
    assert fly["http_service"]["auto_stop_machines"] == "off"
    assert CONTAINER["ports"][0]["containerPort"] == port
    assert MANIFESTS["networkpolicy"]["spec"]["ingress"][0]["ports"][0]["port"] == port


def test_each_secret_of_the_containers_has_its_file() -> None:
    """Every secret that a service mounts is declared, and every declared one is mounted."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    mounted = {secret for service in compose["services"].values() for secret in service.get("secrets", ())}
    assert mounted == set(compose["secrets"])
