namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// sacreBLEU's "13a", which is mteval-v13a's: four entities are resolved, ASCII signs stand alone, a period or comma does
/// where no digit is before or after it, a dash does after a digit. Each rule is a pass over the line, in mteval's order.
/// </summary>
internal sealed class Tokenizer13a : SegmentTokenizer
{
    static readonly (string From, string To)[] s_entities = [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")];

    CharBuffer _from = new();
    CharBuffer _to = new();

    /// <inheritdoc/>
    public override string Name => "13a";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _from.Clear();
        _from.Add(' ');
        Resolve(segment);
        _from.Add(' ');
        SpaceSigns();
        SpaceStopAfterNoDigit();
        SpaceStopBeforeNoDigit();
        SpaceDashAfterDigit();
        return _from.Written;
    }

    void Resolve(ReadOnlySpan<char> line)
    {
        if (!line.ContainsAny('&', '\n') && line.IndexOf("<skipped>", StringComparison.Ordinal) < 0)
        {
            _from.Add(line);
            return;
        }
        string text = line.ToString().Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        foreach (var (from, to) in s_entities) text = text.Replace(from, to, StringComparison.Ordinal);
        _from.Add(text);
    }

    // ([\{-\~\[-\` -\&\(-\+\:-\@\/]) -> " \1 "
    void SpaceSigns()
    {
        foreach (char c in Begin())
        {
            if (c is (>= ' ' and <= '&') or (>= '(' and <= '+') or '/' or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')) Spaced(c);
            else _to.Add(c);
        }
        Swap();
    }

    // ([^0-9])([\.,]) -> "\1 \2 "
    void SpaceStopAfterNoDigit()
    {
        var line = Begin();
        for (int i = 0; i < line.Length; i++)
        {
            _to.Add(line[i]);
            if (!char.IsAsciiDigit(line[i]) && i + 1 < line.Length && line[i + 1] is '.' or ',') Spaced(line[++i]);
        }
        Swap();
    }

    // ([\.,])([^0-9]) -> " \1 \2"
    void SpaceStopBeforeNoDigit()
    {
        var line = Begin();
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] is '.' or ',' && i + 1 < line.Length && !char.IsAsciiDigit(line[i + 1]))
            {
                Spaced(line[i]);
                _to.Add(line[++i]);
            }
            else
            {
                _to.Add(line[i]);
            }
        }
        Swap();
    }

    // ([0-9])(-) -> "\1 \2 "
    void SpaceDashAfterDigit()
    {
        var line = Begin();
        for (int i = 0; i < line.Length; i++)
        {
            _to.Add(line[i]);
            if (char.IsAsciiDigit(line[i]) && i + 1 < line.Length && line[i + 1] == '-') Spaced(line[++i]);
        }
        Swap();
    }

    ReadOnlySpan<char> Begin()
    {
        _to.Clear();
        return _from.Written;
    }

    void Spaced(char c)
    {
        _to.Add(' ');
        _to.Add(c);
        _to.Add(' ');
    }

    void Swap() => (_from, _to) = (_to, _from);
}
