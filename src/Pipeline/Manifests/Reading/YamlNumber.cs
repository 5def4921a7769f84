using System.Globalization;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Numbers of YAML 1.2's core schema (infinities and NaN aside, which no field takes).</summary>
internal static partial class YamlNumber
{
    /// <summary>Reads a whole number: <c>!!int</c>.</summary>
    public static bool TryReadInteger(string text, out double number)
    {
        number = 0;
        if (text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0o", StringComparison.Ordinal))
        {
            int radix = text[1] == 'x' ? 16 : 8;
            if (text.Length == 2) return false;
            foreach (char c in text.AsSpan(2))
            {
                if (!char.IsAsciiHexDigit(c) || Convert.ToInt32(c.ToString(), 16) >= radix) return false;
                number = number * radix + Convert.ToInt32(c.ToString(), 16);
            }
            return true;
        }
        return Integer().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads a number in decimal notation, whole or not: <c>!!float</c>.</summary>
    public static bool TryReadReal(string text, out double number)
    {
        number = 0;
        return Real().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();
}
