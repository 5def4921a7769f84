using System.Buffers;

namespace DiffusionBatch.Contracts;

/// <summary>
/// Whose something is. A tenant has jobs, files, schedules, batches, models, webhooks and keys of its own, and sees no one else's.
/// </summary>
public readonly record struct Tenant
{
    const string DefaultWord = "default";

    const int Longest = 63;

    static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    readonly string? _name;

    // The default one is the struct's own default, so that two of them are equal.
    Tenant(string name) => _name = name.Length > 0 ? name : null;

    /// <summary>The one of a pipeline without named keys; where there are others, its admins are the pipeline's.</summary>
    public static Tenant Default => default;

    /// <summary>Whether it is <see cref="Default"/>.</summary>
    public bool IsDefault => Value.Length == 0;

    /// <summary>As the index has it: empty for the default one.</summary>
    public string Value => _name ?? "";

    /// <summary>The tenant that the index has so.</summary>
    public static Tenant Of(string value) => new(value);

    /// <summary>Reads a name: <c>[a-z0-9][a-z0-9-]{0,62}</c>; <c>default</c> is the default one. Null where it is none.</summary>
    public static Tenant? Parse(string? text) => text switch
    {
        DefaultWord => Default,
        { Length: > 0 and <= Longest } when text[0] != '-' && !text.AsSpan().ContainsAnyExcept(s_letters) => new Tenant(text),
        _ => null,
    };

    /// <summary>Its name.</summary>
    public override string ToString() => IsDefault ? DefaultWord : Value;
}
