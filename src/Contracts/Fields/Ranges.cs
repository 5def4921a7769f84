using System.Collections;
using System.Globalization;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Fields;

/// <summary>
/// Checks records that weren't read from a manifest, which checks them itself, by the ranges that their fields have.
/// </summary>
public static class Ranges
{
    /// <summary>
    /// What is wrong with a record's numbers and lists, and those of the records in it, a line each: "steps is 0; expected from 1 to
    /// 100000000".
    /// </summary>
    public static IReadOnlyList<string> Problems(object record)
    {
        var problems = new List<string>();
        Check(record, "", problems);
        return problems;
    }

    static void Check(object record, string prefix, List<string> problems)
    {
        var shape = RecordShape.Of(record.GetType());
        foreach (var field in shape.Fields)
        {
            if (field.Property.GetValue(record) is not { } value) continue;
            string name = prefix + field.Name;
            if (RecordShape.IsRecord(field.Type)) Check(value, name + ".", problems);
            else if (value is IList list)
            {
                if (field.Count is { } count && (list.Count < count.Minimum || list.Count > count.Maximum))
                    problems.Add($"{name} has {list.Count}; expected {count}");
                for (int i = 0; i < list.Count; i++) Number(list[i]!, $"{name}[{i}]", field, problems);
            }
            else Number(value, name, field, problems);
            if (field.Strategy is not { } kind) continue;
            if (StrategyCatalog.Find(kind, (string)value) is not { } card)
                problems.Add($"{name} is '{value}'; expected {string.Join(" or ", field.Choices!)}");
            else
                foreach (var setting in card.Settings.Where(s => s.IsMissing(n => shape[n]!.Property.GetValue(record) is not null)))
                    problems.Add($"{prefix}{setting.Name} is missing, which '{value}' needs");
        }
    }

    static void Number(object value, string name, FieldShape field, List<string> problems)
    {
        if (field.Within is not { } within || value is not (int or long or double)) return;
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number) || !within.Holds(number))
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {number}; expected {within}"));
    }
}

/// <summary>Fields of one record that can't both be as they are.</summary>
/// <param name="Field">The field to blame, by its name in manifests.</param>
/// <param name="Other">The other one.</param>
/// <param name="Message">What is expected and what was found.</param>
public sealed record Contradiction(string Field, string Other, string Message);
