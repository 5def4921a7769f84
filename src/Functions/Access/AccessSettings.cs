using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// Who asks for keys. Without a setting the host of Functions does, as it always did, and all who pass are one tenant. With
/// <c>Access:AdminKey</c> the app does it itself: that key is the operator's, who makes the others.
/// </summary>
/// <param name="AdminKey">The operator's key; null: the host asks.</param>
public sealed record AccessSettings(string? AdminKey)
{
    /// <summary>The setting.</summary>
    public const string Setting = "Access:AdminKey";

    const int Shortest = 16;

    /// <summary>Whether the app asks for keys itself.</summary>
    public bool AsksItself => AdminKey is not null;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">The key is too short to be one.</exception>
    public static AccessSettings Of(IConfiguration configuration)
    {
        string? key = configuration[Setting] is { Length: > 0 } text ? text : null;
        return key is null or { Length: >= Shortest } ? new AccessSettings(key)
            : throw new OptionsValidationException(Setting, typeof(AccessSettings),
                [$"{Setting} has {key.Length} characters; give a secret of at least {Shortest}."]);
    }
}
