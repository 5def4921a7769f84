using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// The access keys that the app's settings name, <c>FunctionKeys:NAME</c> and <c>MasterKey</c>: the host of a laptop asks for the same ones
/// before <c>/api</c>. Clients of <c>/v1</c> send theirs as <c>Authorization: Bearer</c>, which no host of Functions looks at.
/// </summary>
public sealed class ConfiguredKeys
{
    const string Scheme = "Bearer ", Header = "x-functions-key", Query = "code";

    // Azure's own; there a request without a key is never let in.
    const string Instance = "WEBSITE_INSTANCE_ID";

    readonly byte[][] _keys;
    readonly bool _isCloud;

    /// <summary>Reads the keys.</summary>
    public ConfiguredKeys(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IEnumerable<string?> keys = configuration.GetSection("FunctionKeys").GetChildren().Select(k => k.Value)
            .Append(configuration["MasterKey"]);
        _keys = [.. keys.Where(k => !string.IsNullOrEmpty(k)).Select(k => Hash(k!))];
        _isCloud = !string.IsNullOrEmpty(configuration[Instance]);
    }

    /// <summary>The key that a request brings, or null.</summary>
    public static string? Given(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string key = Bearer(request)
            ?? (request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query[Query].ToString());
        return key.Length > 0 ? key : null;
    }

    /// <summary>What a request brings as <c>Authorization: Bearer</c>, or null: it hasn't that header.</summary>
    public static string? Bearer(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;
    }

    /// <summary>Whether a key is one of them, compared in constant time.</summary>
    public bool Have(string key)
    {
        byte[] hash = Hash(key);
        bool found = false;
        foreach (byte[] known in _keys) found |= CryptographicOperations.FixedTimeEquals(hash, known);
        return found;
    }

    /// <summary>
    /// Whether a request needs no key: none is set, and it comes from a program on this machine, as the host of a laptop has it. Pages of
    /// other sites that a browser here shows give themselves away by the host that they ask for, or by their origin.
    /// </summary>
    public bool IsOpenTo(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _keys.Length == 0 && !_isCloud && IsLoopback(request.Host.Host)
            && (request.Headers.Origin.ToString() is not { Length: > 0 } origin
                || Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && IsLoopback(from.Host));
    }

    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address);

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
