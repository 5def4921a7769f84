using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Hosting.Http;

/// <summary>
/// The app's access keys, from the settings <c>FunctionKeys:NAME</c> (open functions of the level Function) and
/// <c>MasterKey</c> (opens all). They are compared in constant time.
/// </summary>
internal sealed class AccessKeys
{
    const string Header = "x-functions-key", Query = "code";

    readonly byte[][] _functionKeys;
    readonly byte[]? _master;

    /// <summary>Reads the keys.</summary>
    public AccessKeys(IConfiguration configuration)
    {
        _functionKeys = [.. configuration.GetSection("FunctionKeys").GetChildren().Where(k => !string.IsNullOrEmpty(k.Value)).Select(k => Hash(k.Value!))];
        _master = configuration["MasterKey"] is { Length: > 0 } master ? Hash(master) : null;
    }

    /// <summary>Whether there is any.</summary>
    public bool Exist => _functionKeys.Length > 0 || _master is not null;

    /// <summary>Whether a request may start a function of a level.</summary>
    public bool Admit(HttpRequest request, AuthorizationLevel level)
    {
        if (level == AuthorizationLevel.Anonymous) return true;
        // Without keys only this machine's own programs come in; a page of another site that has its name resolve to
        // this machine is told by the host that it asks for.
        if (!Exist) return ListenAddresses.IsLoopback(request.HttpContext.Connection.LocalIpAddress) && ListenAddresses.IsLoopback(request.Host.Host);
        string? given = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query[Query].ToString();
        if (string.IsNullOrEmpty(given)) return false;
        byte[] hash = Hash(given);
        bool admitted = _master is not null && CryptographicOperations.FixedTimeEquals(hash, _master);
        if (level == AuthorizationLevel.Function)
            foreach (byte[] key in _functionKeys) admitted |= CryptographicOperations.FixedTimeEquals(hash, key);
        return admitted;
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
