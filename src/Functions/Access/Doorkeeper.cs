using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Access;

/// <summary>Tells by a request's key or token who sends it, where the app asks for keys itself.</summary>
/// <param name="settings">The settings.</param>
/// <param name="configured">The keys of the settings.</param>
/// <param name="keys">Tenants' keys.</param>
/// <param name="tokens">Looks at tokens; null: none are taken.</param>
public sealed class Doorkeeper(AccessSettings settings, ConfiguredKeys configured, IKeyIndex keys, EntraTokens? tokens = null)
{
    /// <summary>Who sends a request; null: its key is missing, wrong or revoked.</summary>
    /// <exception cref="Problems.ApiException">Its token isn't a good one.</exception>
    public async Task<Caller?> CallerOfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A token in an address would be in logs elsewhere.
        if (tokens is not null && ConfiguredKeys.Bearer(request) is { } bearer && AccessToken.Is(bearer))
            return await tokens.CallerOfAsync(bearer, cancellationToken);
        if (ConfiguredKeys.Given(request) is not { } given) return null;
        if (IsAdmin(given) || configured.Have(given)) return Caller.Operator;
        return await keys.FindAsync(AccessKey.HashOf(given), cancellationToken) is { } key ? new Caller(key.Tenant, key.Role) : null;
    }

    bool IsAdmin(string given) => settings.AdminKey is { } admin
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(admin)));
}

/// <summary>Keys of tenants.</summary>
internal static class AccessKey
{
    const string Prefix = "dbk_";

    const int Bytes = 32;

    /// <summary>A new key: <c>dbk_</c> and 32 random bytes, so many that a plain hash of it tells nobody anything.</summary>
    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What the index keeps of a key: its SHA-256, hexadecimal.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
