namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// sacreBLEU's "zh": every Chinese character stands alone, the rest follows <see cref="WesternRules"/>. What counts as Chinese
/// is sacreBLEU's list as its code reads it, scores being comparable only so: a range meant for the supplementary planes
/// holds U+2001 to U+2A6D in its place, and real supplementary characters are not split.
/// </summary>
internal sealed class ZhTokenizer : SegmentTokenizer
{
    readonly WesternRules _rules = new();

    /// <inheritdoc/>
    public override string Name => "zh";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _rules.Line.Clear();
        foreach (char c in PythonText.Trim(segment))
        {
            bool alone = IsChinese(c);
            if (alone) _rules.Line.Add(' ');
            _rules.Line.Add(c);
            if (alone) _rules.Line.Add(' ');
        }
        _rules.Apply();
        return _rules.Line.Written;
    }

    static bool IsChinese(char c) => c >= '\u2001' && c is
        <= '\u2A6D'                  // general punctuation to mathematical operators: the misread range
        or (>= '\u2E80' and <= '\u2FDF') // radicals
        or (>= '\u2FF0' and <= '\u303F') // structure, CJK punctuation
        or (>= '\u3100' and <= '\u312F') or (>= '\u31A0' and <= '\u31BF') // phonetic symbols
        or (>= '\u31C0' and <= '\u31EF') // strokes
        or (>= '\u3200' and <= '\u4DB5') // enclosed letters, compatibility, extension A
        or (>= '\u4E00' and <= '\u9FBB') // unified ideographs
        or (>= '\uF900' and <= '\uFA2D') or (>= '\uFA30' and <= '\uFA6A') or (>= '\uFA70' and <= '\uFAD9') // compatibility ideographs
        or (>= '\uFE10' and <= '\uFE1F') or (>= '\uFE30' and <= '\uFE4F') // vertical forms
        or (>= '\uFF00' and <= '\uFFEF'); // full and half width forms
}
