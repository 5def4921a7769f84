namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// The rules that sacreBLEU's "13a" and "zh" and TER's normalisation share: ASCII signs stand alone, a period or comma does
/// where no digit is before or after it, a dash does after a digit. Each rule is a pass over the line, in mteval's order.
/// </summary>
internal sealed class WesternRules
{
    CharBuffer _from = new();
    CharBuffer _to = new();

    /// <summary>The line, to be filled before the rules are applied and read after it.</summary>
    public CharBuffer Line => _from;

    /// <summary>Whether white space goes around a sign: any but letters, digits, ' , - and .</summary>
    public static bool IsSign(char c) =>
        c is (>= ' ' and <= '&') or (>= '(' and <= '+') or '/' or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    /// <summary>All rules.</summary>
    public void Apply()
    {
        SpaceSigns();
        SpaceStops();
    }

    /// <summary>([\{-\~\[-\` -\&amp;\(-\+\:-\@\/]) becomes " \1 ".</summary>
    public void SpaceSigns()
    {
        foreach (char c in Begin())
        {
            if (IsSign(c)) Spaced(c);
            else _to.Add(c);
        }
        Swap();
    }

    /// <summary>Periods, commas and dashes.</summary>
    public void SpaceStops()
    {
        SpaceStopAfterNoDigit();
        SpaceStopBeforeNoDigit();
        SpaceDashAfterDigit();
    }

    /// <summary>"'s " becomes " 's ".</summary>
    public void SpacePossessives()
    {
        var line = Begin();
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\'' && line[i..].StartsWith("'s ", StringComparison.Ordinal)) _to.Add(' ');
            _to.Add(line[i]);
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

/// <summary>The four entities that mteval and Tercom know.</summary>
internal static class Entities
{
    /// <summary>The text with its entities resolved, one kind after the other: "&amp;amp;lt;" ends as a sign.</summary>
    public static string Resolve(string text) => !text.Contains('&', StringComparison.Ordinal) ? text : text
        .Replace("&quot;", "\"", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal)
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal);
}
