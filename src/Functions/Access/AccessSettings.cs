using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// Who asks for keys. Without a setting the host of Functions does, as it always did, and all who pass are one tenant. With
/// <c>Access:AdminKey</c>, or where tokens are taken, the app does it itself.
/// </summary>
/// <param name="AdminKey">The key of the operator, who makes the others; null: there is none.</param>
/// <param name="Entra">Whose tokens are taken; null: nobody's.</param>
public sealed record AccessSettings(string? AdminKey, EntraSettings? Entra)
{
    /// <summary>The setting.</summary>
    public const string Setting = "Access:AdminKey";

    const int Shortest = 16;

    /// <summary>Whether the app asks for keys itself.</summary>
    public bool AsksItself => AdminKey is not null || Entra is not null;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">The key is too short to be one, or a setting for tokens is wrong.</exception>
    public static AccessSettings Of(IConfiguration configuration)
    {
        string? key = configuration[Setting] is { Length: > 0 } text ? text : null;
        return key is null or { Length: >= Shortest } ? new AccessSettings(key, EntraSettings.Of(configuration))
            : throw new OptionsValidationException(Setting, typeof(AccessSettings),
                [$"{Setting} has {key.Length} characters; give a secret of at least {Shortest}."]);
    }
}
