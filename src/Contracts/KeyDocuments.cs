using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts;

/// <summary>What a key lets its holder do; each role may what those before it may.</summary>
[JsonConverter(typeof(CamelCase<KeyRole>))]
public enum KeyRole
{
    /// <summary>Look at what the tenant has.</summary>
    Read,

    /// <summary>Also hand in jobs, files and all else, change and remove them.</summary>
    Submit,

    /// <summary>Also make and revoke keys of the tenant; an admin of the default tenant those of all.</summary>
    Admin,
}

/// <summary>Tokens (JWT), which are given in the place of keys.</summary>
public static class AccessToken
{
    /// <summary>Whether a text has the form of one, three parts of which the first is an object in Base64; keys haven't.</summary>
    public static bool Is(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("eyJ", StringComparison.Ordinal) && text.AsSpan().Count('.') == 2;
    }
}

/// <summary>A key as a client asks for it.</summary>
/// <param name="Name">Its name, unique in the tenant: <c>[a-z0-9][a-z0-9-]{0,62}</c>.</param>
public sealed record KeyBody(string Name)
{
    /// <summary>What it lets its holder do; submit by default.</summary>
    public KeyRole? Role { get; init; }

    /// <summary>Whose it is; the caller's own tenant by default. Only an admin of the default tenant names another.</summary>
    public string? Tenant { get; init; }
}

/// <summary>A key as the API tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it lets its holder do.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record KeyView(string Id, string Name, KeyRole Role, string Tenant, DateTimeOffset CreatedAt)
{
    /// <summary>The key itself, <c>dbk_...</c>; told once, when it is made.</summary>
    public string? Secret { get; init; }
}

/// <summary>Keys, the oldest first.</summary>
/// <param name="Keys">The keys.</param>
public sealed record KeyListView(IReadOnlyList<KeyView> Keys);
