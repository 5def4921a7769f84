using System.Net;
using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.LocalHost.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.LocalHost.Http;

/// <summary>
/// The app's access keys, from the settings <c>FunctionKeys:NAME</c> (open functions of the level Function) and
/// <c>MasterKey</c> (opens all). They are compared in constant time.
/// </summary>
internal sealed class AccessKeys
{
    const string Header = "x-functions-key", Query = "code";

    readonly byte[][] _functionKeys;
    readonly byte[]? _master;
    readonly bool _appAsks;

    /// <summary>Reads the keys.</summary>
    public AccessKeys(AppSettings settings)
    {
        _functionKeys = [.. settings.Configuration.GetSection("FunctionKeys").GetChildren().Where(k => !string.IsNullOrEmpty(k.Value))
            .Select(k => Hash(k.Value!))];
        _master = settings["MasterKey"] is { } master ? Hash(master) : null;
        _appAsks = !string.IsNullOrEmpty(settings.Configuration["Access:AdminKey"]);
    }

    /// <summary>Whether any key is set.</summary>
    public bool Exist => _functionKeys.Length > 0 || _master is not null;

    /// <summary>Refuses to open the app to other machines without keys.</summary>
    /// <exception cref="FunctionsHostException">It would be open.</exception>
    public void Demand(Uri url)
    {
        if (!Exist && !_appAsks && !IsLoopback(url.Host))
            throw new FunctionsHostException(
                $"{url} can be reached from other machines and no access key is set: set FunctionKeys__default (and MasterKey), or "
                    + $"Access__AdminKey, to secrets of your own, or listen on http://127.0.0.1 alone.");
    }

    /// <summary>Whether a request may start a function of a level.</summary>
    public bool Admit(HttpRequest request, AccessLevel level)
    {
        if (level == AccessLevel.Anonymous) return true;
        // Without keys only programs on this machine are let in. Pages of other sites that a browser here shows are not: one whose name
        // resolves to this machine gives itself away by the host that it asks for, one that posts here from its own name by its origin.
        if (!Exist)
        {
            return request.HttpContext.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local)
                && IsLoopback(request.Host.Host)
                && (request.Headers.Origin.ToString() is not { Length: > 0 } origin
                    || Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && IsLoopback(from.Host));
        }
        if (Given(request) is not { } hash) return false;
        bool admitted = IsMaster(hash);
        if (level == AccessLevel.Function)
            foreach (byte[] key in _functionKeys) admitted |= CryptographicOperations.FixedTimeEquals(hash, key);
        return admitted;
    }

    /// <summary>Whether a request has the master key: it starts disabled functions too.</summary>
    public bool IsMaster(HttpRequest request) => Given(request) is { } hash && IsMaster(hash);

    bool IsMaster(byte[] hash) => _master is not null && CryptographicOperations.FixedTimeEquals(hash, _master);

    static byte[]? Given(HttpRequest request)
    {
        string given = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query[Query].ToString();
        return given.Length == 0 ? null : Hash(given);
    }

    // A host's name or address that is this machine's own.
    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address);

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
