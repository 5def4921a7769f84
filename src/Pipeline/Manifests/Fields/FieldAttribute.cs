namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>
/// Makes a record's property a field of the manifest. Together with the property's type, its `required`
/// modifier and its initial value (the default), this is the only place where a field is described: the binder,
/// the JSON Schema, the writer and the documentation's test all read it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string description) : Attribute
{
    /// <summary>What the field means, one sentence for a reader who knows JSONL and HTTP.</summary>
    public string Description { get; } = description;

    /// <summary>The default in words, where it isn't a constant (e.g. "a tenth of steps").</summary>
    public string? Default { get; init; }

    /// <summary>False for what changes speed or conduct, never results: such a field isn't part of the fingerprint.</summary>
    public bool Fingerprinted { get; init; } = true;
}
