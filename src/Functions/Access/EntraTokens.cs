using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Functions.Problems;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// Tells by a token of Entra ID, or of another authority that speaks OpenID Connect, who sends a request: a JWT as
/// <c>Authorization: Bearer</c>, signed by the authority, made out to this app, and in its time. Its claim <c>roles</c> says what its
/// holder may, by the names that keys' roles have.
/// </summary>
public sealed partial class EntraTokens(EntraSettings settings, TimeProvider time, ILogger<EntraTokens> log) : IDisposable
{
    const string Roles = "roles";

    // Clocks differ.
    static readonly TimeSpan s_skew = TimeSpan.FromMinutes(1);

    // Signatures by a private key alone: what is published opens nothing.
    static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    readonly AuthorityKeys _authority = new(settings, time);
    readonly JsonWebTokenHandler _handler = new();

    /// <summary>Who holds a token.</summary>
    /// <exception cref="ApiException">401: it isn't a good one. 403: it has no role, or names no tenant. 503: the authority's keys can't be
    /// had now.</exception>
    public async Task<Caller> CallerOfAsync(string token, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration? published = null;
        TokenValidationResult result;
        try
        {
            published = await _authority.GetAsync(null, cancellationToken);
            result = await ValidateAsync(token, published);
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException
                && await _authority.GetAsync(published, cancellationToken) is var newer && newer != published)
                result = await ValidateAsync(token, newer);
        }
        catch (IOException e)
        {
            LogAway(e.Message);
            throw Refuse.Unavailable("The authority that signs tokens doesn't tell its keys now; try again, or use a key.");
        }
        if (!result.IsValid) throw Refuse.NoKey(Reason(result.Exception));
        JsonWebToken valid = (JsonWebToken)result.SecurityToken;
        KeyRole? role = Values(valid, Roles).Select(EnumText.Parse<KeyRole>).Max();
        return role is { } has ? new Caller(TenantOf(valid), has) : throw Refuse.NoRole(
            $"Your token's claim {Roles} has none of {string.Join(", ", Enum.GetValues<KeyRole>().Select(EnumText.Of))}; have such an app "
                + "role assigned to you.");
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectConfiguration published) =>
        _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = published.Issuer,
            ValidAudience = settings.Audience,
            IssuerSigningKeys = published.SigningKeys,
            ValidAlgorithms = s_algorithms,
            LifetimeValidator = IsInTime,
        });

    bool IsInTime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (until is not { } end) throw new SecurityTokenNoExpirationException("no end");
        if (now >= end + s_skew) throw new SecurityTokenExpiredException("expired");
        return from is not { } begin || now >= begin - s_skew ? true : throw new SecurityTokenNotYetValidException("not yet");
    }

    Tenant TenantOf(JsonWebToken token)
    {
        if (settings.TenantClaim is not { } claim) return Tenant.Default;
        return Values(token, claim) is [var name] && Tenant.Parse(name) is { } tenant ? tenant : throw Refuse.NoRole(
            $"Your token's claim {claim} names no tenant; one text of the form [a-z0-9][a-z0-9-]{{0,62}} is expected.");
    }

    static string[] Values(JsonWebToken token, string claim) => [.. token.Claims.Where(c => c.Type == claim).Select(c => c.Value)];

    // What is wrong in words; the library's own would show parts of the token.
    static string Reason(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "The token has expired; get a new one.",
        SecurityTokenNotYetValidException => "The token isn't valid yet; look at the clocks.",
        SecurityTokenNoExpirationException => "The token has no end; one with a time in exp is expected.",
        SecurityTokenInvalidAudienceException => "The token is made out to another audience than this API.",
        SecurityTokenInvalidIssuerException => "The token is of another issuer than this API trusts.",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidAlgorithmException =>
            "The token isn't signed with a key of the authority that this API trusts.",
        _ => "The token can't be read.",
    };

    [LoggerMessage(1, LogLevel.Warning, "Tokens can't be checked: {Reason}")]
    partial void LogAway(string reason);
}
