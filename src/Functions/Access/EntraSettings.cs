using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Access;

/// <summary>Whose tokens are taken beside keys (<see cref="EntraTokens"/>), by the settings <c>Access:Entra:...</c>.</summary>
/// <param name="Authority">Who gives them out: <c>Authority</c>, or by <c>TenantId</c> that tenant of Entra ID.</param>
/// <param name="Audience">Whom they are for: <c>Audience</c>, the client id of the API's registration.</param>
/// <param name="TenantClaim">The claim that names the caller's tenant: <c>TenantClaim</c>; null: all are of the default tenant.</param>
public sealed record EntraSettings(Uri Authority, string Audience, string? TenantClaim)
{
    const string Section = "Access:Entra", Public = "https://login.microsoftonline.com/";

    /// <summary>Reads the settings; null: there are none, and no tokens are taken.</summary>
    /// <exception cref="OptionsValidationException">One is wrong, or is missing.</exception>
    public static EntraSettings? Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? Value(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } text ? text : null;

        (string? tenant, string? authority, string? audience, string? claim) =
            (Value("TenantId"), Value("Authority"), Value("Audience"), Value("TenantClaim"));
        if (tenant is null && authority is null && audience is null && claim is null) return null;
        if (tenant is null == authority is null)
            throw Wrong("TenantId", "is needed for tokens, or Authority in its place, not both");
        if (audience is null) throw Wrong("Audience", "is missing; give the client id of the API's registration");
        if (tenant is not null && tenant.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')))
            throw Wrong("TenantId", $"is \"{tenant}\"; give the tenant's id or its domain");
        return Uri.TryCreate(authority ?? $"{Public}{tenant}/v2.0", UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttps || url is { Scheme: "http", IsLoopback: true })
            ? new EntraSettings(url, audience, claim)
            : throw Wrong("Authority", $"is \"{authority}\"; give an https URL");
    }

    static OptionsValidationException Wrong(string name, string what) =>
        new(Section, typeof(EntraSettings), [$"{Section}:{name} {what}."]);
}
