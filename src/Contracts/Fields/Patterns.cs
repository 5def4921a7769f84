namespace DiffusionBatch.Contracts.Fields;

/// <summary>The expressions that the records' patterns use.</summary>
public static class Patterns
{
    /// <summary>A job's name.</summary>
    public const string Name = "^[a-z0-9][a-z0-9-]{0,62}$";

    /// <summary>A job's name, in words.</summary>
    public const string NameWords = "a name of 1 to 63 characters a-z, 0-9 and '-', the first not '-'";

    /// <summary>A metric's label in reports.</summary>
    public const string Label = "^[A-Za-z0-9][A-Za-z0-9+._-]{0,62}$";

    /// <summary>A metric's label, in words.</summary>
    public const string LabelWords = "1 to 63 letters, digits, '+', '.', '_' and '-', the first a letter or digit";

    /// <summary>A prompt template: {source}, and no other word of letters and digits in braces.</summary>
    public const string SourceTemplate = "^(?=[\\s\\S]*\\{source\\})(?![\\s\\S]*\\{(?!source\\})[A-Za-z][A-Za-z0-9]*\\})";

    /// <summary>A target template: {target}, and no other word of letters and digits in braces.</summary>
    public const string TargetTemplate = "^(?=[\\s\\S]*\\{target\\})(?![\\s\\S]*\\{(?!target\\})[A-Za-z][A-Za-z0-9]*\\})";

    /// <summary>A path under the root: relative, '/' only, no '..', no drive, no control characters, not the root itself.</summary>
    public const string Path = "^(?!/)(?![A-Za-z]:)(?!\\.?(/+\\.?)*$)(?!(.*/)?\\.\\.(/|$))[^\\\\\\u0000-\\u001F]+$";
}
