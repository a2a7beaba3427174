"""Deployment files are read as their platforms read them: known fields only, and settings that exist."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from worker import settings

DEPLOY = Path(__file__).parents[2] / "deploy"
KNOWN = {settings.variable(field) for field in settings.Settings.model_fields}
KNOWN |= {"PORT"}  # of platforms
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
    "PodMonitor": {"spec"},
}
API_VERSIONS = {
    "Secret": "v1",
    "Deployment": "apps/v1",
    "Service": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "PodMonitor": "monitoring.coreos.com/v1",
}
TOKEN = "SAVVYCAL_ADMIN_TOKEN_FILE"
LABELS = {"app.kubernetes.io/name": "savvycal-sync"}
MANIFESTS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (DEPLOY / "kubernetes").glob("*.yaml")}
POD: dict[str, Any] = MANIFESTS["deployment"]["spec"]["template"]["spec"]
CONTAINER: dict[str, Any] = POD["containers"][0]
FLY: dict[str, Any] = tomllib.loads((DEPLOY / "fly.toml").read_text("utf-8"))
RENDER: dict[str, Any] = yaml.safe_load((DEPLOY / "render.yaml").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


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
    assert MANIFESTS["podmonitor"]["spec"]["selector"]["matchLabels"] == LABELS


def test_the_pod_monitor_scrapes_what_the_pod_offers() -> None:
    """No schema of Kubernetes knows what an operator defines: known fields only, and names that exist."""
    spec = MANIFESTS["podmonitor"]["spec"]
    assert set(spec) == {"selector", "podMetricsEndpoints"}
    [endpoint] = spec["podMetricsEndpoints"]
    assert set(endpoint) == {"port", "path", "interval", "authorization"}
    assert endpoint["port"] == CONTAINER["ports"][0]["name"]
    key = endpoint["authorization"]["credentials"]
    assert key == {"name": MANIFESTS["secret"]["metadata"]["name"], "key": "admin_token"}
    assert key["key"] in MANIFESTS["secret"]["stringData"]


def test_probes_ask_for_paths_that_are_served() -> None:
    """And platforms ask the path that no fault elsewhere turns red."""
    paths = {
        probe: CONTAINER[probe]["httpGet"]["path"] for probe in ("livenessProbe", "startupProbe", "readinessProbe")
    }
    assert paths == {"livenessProbe": "/livez", "startupProbe": "/livez", "readinessProbe": "/readyz"}
    assert FLY["http_service"]["checks"][0]["path"] == RENDER["services"][1]["healthCheckPath"] == "/livez"


def test_each_secret_file_of_the_pod_is_in_the_secret() -> None:
    """A path that nobody provides would end the pod at its start."""
    mount = CONTAINER["volumeMounts"][0]["mountPath"]
    files = {one["value"].removeprefix(f"{mount}/") for one in CONTAINER["env"] if one["name"].endswith("_FILE")}
    assert files <= set(MANIFESTS["secret"]["stringData"])


def _variables() -> dict[str, set[str]]:
    image = dict(re.findall(r"^(?:ENV|   ) (\w+)=(\S+)", DOCKERFILE, re.MULTILINE))
    return {
        "kubernetes": {one["name"] for one in CONTAINER["env"]},
        "fly.toml": set(FLY["env"]),
        "render.yaml": {one["key"] for one in RENDER["services"][1]["envVars"]},
        "compose.yaml": set(COMPOSE["services"]["worker"]["environment"]),
        "Dockerfile": set(image) - {"PATH", "PYTHONUNBUFFERED"},
    }


@pytest.mark.parametrize(("name", "variables"), _variables().items())
def test_each_variable_is_a_setting(name: str, variables: set[str]) -> None:
    """And nothing is ever started for a forgotten one."""
    assert variables <= KNOWN, name
    assert "SAVVYCAL_EMBEDDED" in variables


def test_platforms_listen_where_the_program_does() -> None:
    """One port in each file; no file fixes an address where the platform chooses the port."""
    port = int(FLY["env"]["PORT"])
    assert FLY["http_service"]["internal_port"] == port
    assert FLY["http_service"]["auto_stop_machines"] == "off"
    assert f"PORT={port}" in DOCKERFILE
    assert "SAVVYCAL_HTTP=" not in DOCKERFILE
    assert "SAVVYCAL_HTTP" not in {one["key"] for one in RENDER["services"][1]["envVars"]}
    assert CONTAINER["ports"][0]["containerPort"] == port
    assert MANIFESTS["networkpolicy"]["spec"]["ingress"][0]["ports"][0]["port"] == port


def test_each_secret_of_the_containers_has_its_file() -> None:
    """Every secret that a service mounts is declared, and every declared one is mounted."""
    mounted = {secret for service in COMPOSE["services"].values() for secret in service.get("secrets", ())}
    assert mounted == set(COMPOSE["secrets"])


def test_observability_is_off_unless_asked_for() -> None:
    """What it mounts exists, Prometheus scrapes the worker with its token, and Grafana asks Prometheus."""
    apart = {name for name, service in COMPOSE["services"].items() if service.get("profiles") == ["observability"]}
    assert apart == {"prometheus", "grafana"}
    for name in apart:
        mounts = [mount.split(":")[0] for mount in COMPOSE["services"][name]["volumes"]]
        assert all((DEPLOY / mount).exists() for mount in mounts if mount.startswith("./")), name
    prometheus = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    [job] = prometheus["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["worker:8321"]}]
    assert job["authorization"]["credentials_file"] == COMPOSE["services"]["worker"]["environment"][TOKEN]
    [source] = yaml.safe_load((DEPLOY / "grafana" / "datasources.yml").read_text("utf-8"))["datasources"]
    assert source["url"] == "http://prometheus:9090"


def test_the_image_gets_all_that_is_installed() -> None:
    """Each package of the wheel and each file it needs, past the list of what a build may see."""
    wheel = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    needed = {*wheel["wheel"]["packages"], *wheel["wheel"]["force-include"], "pyproject.toml", "requirements.txt"}
    seen = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
    words = {word for line in copied for word in line.split()}
    assert needed <= words
    assert {f"!{word}" for word in words} <= set(seen)
