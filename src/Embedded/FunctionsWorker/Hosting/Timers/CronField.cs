using System.Globalization;

namespace Microsoft.Azure.Functions.Worker.Hosting.Timers;

/// <summary>One field of an NCRONTAB expression: the set of its values.</summary>
internal sealed class CronField
{
    readonly bool[] _values;

    CronField(bool[] values) => _values = values;

    /// <summary>Whether a value is in the set.</summary>
    public bool Has(int value) => _values[value];

    /// <summary>The smallest value of the set that is at least <paramref name="value"/>, or -1.</summary>
    public int From(int value) => value >= _values.Length ? -1 : Array.IndexOf(_values, true, value);

    /// <summary>Reads a field: <c>*</c>, values, ranges <c>a-b</c>, steps <c>*/n</c>, <c>a/n</c> and <c>a-b/n</c>, and lists of these.</summary>
    /// <param name="text">The field.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="low">Its least value.</param>
    /// <param name="high">Its greatest.</param>
    /// <param name="names">Names of the values from <paramref name="low"/> on, of which three letters are enough; or none.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static CronField Parse(string text, string name, int low, int high, IReadOnlyList<string>? names = null)
    {
        bool[] values = new bool[high + 1];
        foreach (string part in text.Split(','))
        {
            string[] step = part.Split('/');
            if (step.Length > 2) throw Wrong(part);
            int every = step.Length == 1 ? 1 : Number(step[1]) is >= 1 and var n ? n : throw Wrong(part);
            int first = low, last = high;
            if (step[0] != "*")
            {
                string[] range = step[0].Split('-');
                if (range.Length > 2) throw Wrong(part);
                first = Value(range[0]);
                last = range.Length == 2 ? Value(range[1]) : step.Length == 2 ? high : first;
                if (last < first) throw Wrong(part);
            }
            for (int value = first; value <= last; value += every) values[value] = true;
        }
        return new CronField(values);

        int Value(string word)
        {
            if (names is not null && word.Length >= 3 && names.TakeWhile(n => !n.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Count() is var index && index < names.Count) return low + index;
            int value = Number(word);
            return value >= low && value <= high ? value : throw Wrong(word);
        }

        int Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw Wrong(word);

        FormatException Wrong(string word) => new($"\"{word}\" is no {name} ({low} to {high}).");
    }
}
