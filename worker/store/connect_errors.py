"""Explains in one line why Postgres cannot be used, and what to do. Server messages may hold values: none is quoted."""

import socket
import ssl

import asyncpg

_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (asyncpg.InvalidPasswordError, "Postgres refuses the password of this user: check user and password"),
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        "Postgres does not let this user in from here: check the user, pg_hba.conf and sslmode",
    ),
    (asyncpg.InvalidCatalogNameError, "there is no database of that name on the server"),
    (asyncpg.TooManyConnectionsError, "Postgres has no connection left for this user: raise its limit"),
    (asyncpg.CannotConnectNowError, "Postgres is starting or stopping"),
    (asyncpg.TargetServerAttributeNotMatched, "no server among the hosts is what target_session_attrs asks for"),
    (asyncpg.InsufficientPrivilegeError, "this user lacks a right on the database: grant connect"),
    (asyncpg.UndefinedObjectError, "the server does not know a setting that the address names (options=)"),
    (
        asyncpg.ProtocolViolationError,
        "a pooler or proxy in front of Postgres refuses the connection: its log names why",
    ),
    (asyncpg.ClientConfigurationError, "the address cannot be read: check host, port and options"),
    (asyncpg.InternalClientError, "what answers there does not speak as Postgres does: check host and port"),
    (ssl.SSLError, "TLS with Postgres failed: check sslmode, or the proxy in between"),
    (socket.gaierror, "the host name is not known: check the host"),
    (FileNotFoundError, "there is no socket at that path: check the directory, and that Postgres runs"),
    (ConnectionRefusedError, "nothing listens at that host and port: check them, and that Postgres runs"),
    (ConnectionError, "the server cut the connection, or has no TLS: check sslmode"),
    (PermissionError, "the socket or file may not be opened by this user"),
    (TimeoutError, "no answer in time: check host, port and firewall"),
)

UNKNOWN = "check host, port, user, password and database name; Postgres cannot be used"


def cause_of(error: BaseException) -> str:
    """The cause of a connection error and the next step, in one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not accepted ({error.verify_message}): check sslrootcert and the host name"
    return next((text for kind, text in _CAUSES if isinstance(error, kind)), UNKNOWN)
