namespace DiffusionBatch.Evaluation.Text;

/// <summary>sacreBLEU's "13a", which is mteval-v13a's: four entities are resolved, then <see cref="WesternRules"/> hold.</summary>
internal sealed class Tokenizer13a : SegmentTokenizer
{
    readonly WesternRules _rules = new();

    /// <inheritdoc/>
    public override string Name => "13a";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _rules.Line.Clear();
        _rules.Line.Add(' ');
        Resolve(segment);
        _rules.Line.Add(' ');
        _rules.Apply();
        return _rules.Line.Written;
    }

    void Resolve(ReadOnlySpan<char> line)
    {
        if (!line.ContainsAny('&', '\n') && line.IndexOf("<skipped>", StringComparison.Ordinal) < 0)
        {
            _rules.Line.Add(line);
            return;
        }
        string text = line.ToString().Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        _rules.Line.Add(Entities.Resolve(text));
    }
}
