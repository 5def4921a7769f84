using System.Text.Json;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The items' texts, column by column.</summary>
internal static class ReportTexts
{
    /// <summary><c>{"ids":[...],"sources":[text or null, ...] or null,"references":[[text, ...], ...]}</c>.</summary>
    public static void WriteItems(Utf8JsonWriter json, IReadOnlyList<ReportItem> items)
    {
        json.WriteStartObject();
        json.WriteStartArray("ids");
        foreach (var item in items) Text(json, item.Id);
        json.WriteEndArray();
        if (items.All(i => i.Source is null)) json.WriteNull("sources");
        else
        {
            json.WriteStartArray("sources");
            foreach (var item in items) Text(json, item.Source);
            json.WriteEndArray();
        }
        json.WriteStartArray("references");
        foreach (var item in items)
        {
            json.WriteStartArray();
            foreach (string reference in item.References) Text(json, reference);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What a cell made of each item: a text, <c>{"error":code}</c>, or null where it has no prediction.</summary>
    public static void WriteCell(Utf8JsonWriter json, IReadOnlyList<ReportItem> items, int cell)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            ReportHypothesis hypothesis = item.Hypotheses[cell];
            if (hypothesis.Error is null || hypothesis.Text is not null) Text(json, hypothesis.Text);
            else
            {
                json.WriteStartObject();
                json.WriteString("error", hypothesis.Error);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    /// <summary>A text; half characters, which UTF-8 can't hold, become U+FFFD.</summary>
    static void Text(Utf8JsonWriter json, string? text)
    {
        if (text is null) json.WriteNullValue();
        else json.WriteStringValue(string.Create(text.Length, text, static (to, from) =>
        {
            from.CopyTo(to);
            for (int i = 0; i < to.Length; i++)
            {
                if (!char.IsSurrogate(to[i])) continue;
                if (i + 1 < to.Length && char.IsSurrogatePair(to[i], to[i + 1])) i++;
                else to[i] = '\uFFFD';
            }
        }));
    }
}
