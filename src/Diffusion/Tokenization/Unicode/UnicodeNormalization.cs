using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.Unicode;

/// <summary>
/// Normalizes text (UAX 15). <see cref="string.Normalize()"/> can't be used: under invariant globalization, which this
/// project is built with, it leaves every text as it is.
/// </summary>
internal static class UnicodeNormalization
{
    // Hangul syllables, UAX 15 and chapter 3.12 of the Unicode Standard.
    const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;
    const int SCount = LCount * VCount * TCount;

    /// <summary>The text in a form; half a surrogate pair becomes U+FFFD.</summary>
    public static string Apply(string text, UnicodeForm form)
    {
        bool compatibility = form is UnicodeForm.Nfkc or UnicodeForm.Nfkd;
        // Below these nothing decomposes, and only what is above U+02FF combines.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', compatibility ? '\u009F' : '\u00BF')) return text;
        var scalars = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, compatibility, scalars);
        Order(scalars);
        if (form is UnicodeForm.Nfc or UnicodeForm.Nfkc) Compose(scalars);
        var result = new StringBuilder(text.Length + 8);
        foreach (int scalar in scalars) Append(result, scalar);
        return result.ToString();
    }

    static void Append(StringBuilder text, int scalar)
    {
        Span<char> units = stackalloc char[2];
        text.Append(units[..new Rune(scalar).EncodeToUtf16(units)]);
    }

    static void Decompose(int scalar, bool compatibility, List<int> output)
    {
        int syllable = scalar - SBase;
        if ((uint)syllable < SCount)
        {
            output.Add(LBase + syllable / (VCount * TCount));
            output.Add(VBase + syllable % (VCount * TCount) / TCount);
            if (syllable % TCount > 0) output.Add(TBase + syllable % TCount);
        }
        else if (UnicodeTables.Instance.Decompose(scalar, compatibility) is { } parts)
        {
            foreach (int part in parts) Decompose(part, compatibility, output);
        }
        else
        {
            output.Add(scalar);
        }
    }

    /// <summary>Sorts each run of combining marks by class, marks of one class in their order.</summary>
    static void Order(List<int> scalars)
    {
        var tables = UnicodeTables.Instance;
        for (int start = 0, end; start < scalars.Count; start = end + 1)
        {
            for (end = start; end < scalars.Count && tables.ClassOf(scalars[end]) != 0;) end++;
            if (end - start < 2) continue;
            int[] run = [.. scalars.GetRange(start, end - start).OrderBy(s => tables.ClassOf(s))]; // stable
            for (int i = 0; i < run.Length; i++) scalars[start + i] = run[i];
        }
    }

    static void Compose(List<int> scalars)
    {
        var tables = UnicodeTables.Instance;
        int starter = -1, count = 0;
        byte last = 0; // the class of the scalar written last
        foreach (int scalar in scalars.ToArray())
        {
            byte own = tables.ClassOf(scalar);
            // Blocked: something of class 0, or of this class or a higher one, stands between.
            if (starter >= 0 && (count - 1 == starter || (last != 0 && last < own)) && Pair(scalars[starter], scalar) is >= 0 and var whole)
            {
                scalars[starter] = whole;
                continue;
            }
            if (own == 0) starter = count;
            last = own;
            scalars[count++] = scalar;
        }
        scalars.RemoveRange(count, scalars.Count - count);
    }

    static int Pair(int first, int second)
    {
        if ((uint)(first - LBase) < LCount && (uint)(second - VBase) < VCount)
            return SBase + ((first - LBase) * VCount + second - VBase) * TCount;
        if ((uint)(first - SBase) < SCount && (first - SBase) % TCount == 0 && (uint)(second - TBase - 1) < TCount - 1)
            return first + second - TBase;
        return UnicodeTables.Instance.Compose(first, second);
    }
}
