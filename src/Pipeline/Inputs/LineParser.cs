using System.Buffers;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>Parses and checks the lines of one input file.</summary>
/// <param name="file">The file's name in problems.</param>
/// <param name="use">What the file is read for.</param>
/// <param name="keepTexts">False to check only: texts of the items are then stand-ins.</param>
/// <param name="keepOther">Whether the fields without a meaning here are kept.</param>
internal sealed class LineParser(string file, InputUse use, bool keepTexts, bool keepOther)
{
    /// <summary>The fields that have a meaning.</summary>
    static readonly string[] Names = ["id", "source", "target", "promptIds", "targetIds", "length", "template", "choices"];

    static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Parses a line that is not blank.</summary>
    /// <returns>The item; null where problems were added.</returns>
    public InputItem? Parse(ReadOnlySpan<byte> line, long index, int number, long offset, List<Problem> problems)
    {
        int before = problems.Count;
        var fields = new LineFields(line, file, number, problems);
        if (!System.Text.Unicode.Utf8.IsValid(line))
        {
            int bad = FirstInvalid(line);
            fields.Add(bad, null, $"invalid UTF-8: byte 0x{line[bad]:X2} at offset {offset + bad} of the file");
            return null;
        }
        var reader = new Utf8JsonReader(line, Options);
        var seen = new SeenFields();
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) fields.Wrong(ref reader, null, "a JSON object on each line");
            else ReadObject(ref reader, fields, seen, line);
            while (reader.Read()) { }
        }
        catch (JsonException error)
        {
            problems.RemoveRange(before, problems.Count - before);
            fields.Add(error.BytePositionInLine ?? 0, null, "malformed JSON: " + Printable.OfJsonError(error.Message));
            return null;
        }
        if (problems.Count == before) CheckFields(fields, seen);
        return problems.Count == before ? Item(seen, line.Length, index, number) : null;
    }

    void ReadObject(ref Utf8JsonReader reader, LineFields fields, SeenFields seen, ReadOnlySpan<byte> line)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            long nameStart = reader.TokenStartIndex;
            string? name = Known(ref reader);
            reader.Read();
            if (name is null)
            {
                reader.Skip();
                if (keepOther) seen.AddOther(line[(int)nameStart..(int)reader.BytesConsumed]);
                continue;
            }
            if (!seen.Begin(name)) fields.Add(nameStart, name, $"the field \"{name}\" stands twice in this line");
            // null is what many exporters write for "absent".
            if (reader.TokenType == JsonTokenType.Null)
            {
                if (name == "id") fields.Wrong(ref reader, name, "a non-empty text");
                continue;
            }
            switch (name)
            {
                case "id":
                    if (reader.TokenType != JsonTokenType.String) fields.Wrong(ref reader, name, "a non-empty text");
                    else if ((seen.Id = fields.Text(ref reader, name, keep: true)) is "")
                        fields.Add(reader.TokenStartIndex, name, "expected a non-empty text, found \"\"");
                    break;
                // Scores don't need the sources of references; the report shows those that are texts.
                case "source" when use == InputUse.References && reader.TokenType != JsonTokenType.String: reader.Skip(); break;
                case "source": seen.Source = fields.Text(ref reader, name, keepTexts); break;
                case "target" when IsTraining: seen.Targets = fields.Text(ref reader, name, keepTexts) is { } text ? [text] : []; break;
                case "target": seen.Targets = fields.Texts(ref reader, name, keepTexts); break;
                // Nor their token ids, where there is a text.
                case "promptIds" or "targetIds" when use == InputUse.References
                    && reader.TokenType != JsonTokenType.StartArray:
                    reader.Skip(); break;
                // What else is called so passes through, as any field without a meaning.
                case "choices" when !LineFields.IsListOfTexts(reader): reader.Skip(); break;
                case "choices": seen.Choices = fields.Texts(ref reader, name, keepTexts); break;
                case "template":
                    long templateStart = reader.TokenStartIndex;
                    if (fields.Text(ref reader, name, keep: true) is { } template
                        && (seen.Template = ResponseTemplate.Parse(template, out string? wrong)) is null)
                        fields.Add(templateStart, name, wrong!);
                    break;
                case "promptIds": seen.PromptIds = fields.Ids(ref reader, name); break;
                case "targetIds": seen.TargetIds = fields.Ids(ref reader, name); break;
                default: seen.Length = fields.Integer(ref reader, name, 1, "a number of tokens, a whole number from 1"); break;
            }
        }
    }

    bool IsTraining => use is InputUse.Pairs or InputUse.Texts;

    // The fields that have a meaning for this use; all others pass through.
    string? Known(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("id"u8) ? "id"
        : reader.ValueTextEquals("source"u8) ? "source"
        : reader.ValueTextEquals("target"u8) ? "target"
        : reader.ValueTextEquals("promptIds"u8) ? "promptIds"
        : (IsTraining || use == InputUse.References) && reader.ValueTextEquals("targetIds"u8) ? "targetIds"
        : use == InputUse.References && reader.ValueTextEquals("choices"u8) ? "choices"
        : use == InputUse.Sample && reader.ValueTextEquals("length"u8) ? "length"
        : use == InputUse.Sample && reader.ValueTextEquals("template"u8) ? "template"
        : null;

    void CheckFields(LineFields fields, SeenFields seen)
    {
        if (seen.Id is null) fields.Add(0, null, "the field \"id\" is missing: each line needs one, a non-empty text");
        if (use == InputUse.Sample)
        {
            if (seen.Source is null && seen.PromptIds is null && seen.Template is null)
                fields.Add(0, null, "the field \"source\" is missing: each line needs it, or \"promptIds\"");
            if (seen.Source is not null && seen.PromptIds is not null)
                fields.Add(0, null, "expected either \"source\" or \"promptIds\", found both");
        }
        if (IsTraining && seen.HasIds) CheckIds(fields, seen);
        else if (use == InputUse.Pairs)
        {
            if (seen.Source is null) fields.Add(0, null, "the field \"source\" is missing: each training pair needs it, a text");
            if (seen.Targets.Count == 0) fields.Add(0, null, "the field \"target\" is missing: each training pair needs it, a text");
        }
        else if (use == InputUse.Texts && seen.Source is null && seen.Targets.Count == 0)
            fields.Add(0, null, "the fields \"source\" and \"target\" are missing: each line needs one of them, a text");
        if (use == InputUse.References && seen.Targets.Count == 0 && seen.TargetIds is null)
            fields.Add(0, null, "the field \"target\" is missing: each reference needs it, a text or a list of texts");
    }

    // A training line of token ids: a response, and a prompt which may be empty or absent.
    void CheckIds(LineFields fields, SeenFields seen)
    {
        if (seen.Source is not null || seen.Targets.Count > 0)
            fields.Add(0, null, "expected either \"source\" and \"target\" or \"promptIds\" and \"targetIds\", found some of both");
        else if (use == InputUse.Pairs && seen.TargetIds is null)
            fields.Add(0, null, "the field \"targetIds\" is missing: each training pair of token ids needs it");
        else if (seen.TargetIds is { Length: 0 }) fields.Add(0, "targetIds", "expected at least one token id, found none");
    }

    InputItem Item(SeenFields seen, int bytes, long index, int number)
    {
        var error = use != InputUse.Sample ? null
            : bytes > InputReader.MaxItemBytes
            ? new ItemError(ItemError.TooLong, $"the line has {bytes} bytes; at most {InputReader.MaxItemBytes} are allowed")
            : seen.Source is { } source && string.IsNullOrWhiteSpace(source) ? new ItemError(ItemError.EmptySource, "the source is empty")
            : null;
        // A line that is too long is an error whatever it says: nothing of it but the id is kept.
        return error?.Code == ItemError.TooLong
            ? new InputItem { Index = index, Line = number, Id = seen.Id!, Error = error }
            : new InputItem
            {
                Index = index,
                Line = number,
                Id = seen.Id!,
                Source = seen.Source,
                Targets = seen.Targets,
                Choices = seen.Choices,
                PromptIds = seen.PromptIds ?? (seen.TargetIds is null ? null : []),
                TargetIds = seen.TargetIds,
                Template = seen.Template,
                Length = seen.Length,
                Other = seen.Other,
                Error = error,
            };
    }

    static int FirstInvalid(ReadOnlySpan<byte> line)
    {
        int at = 0;
        while (at < line.Length && Rune.DecodeFromUtf8(line[at..], out _, out int consumed) == OperationStatus.Done) at += consumed;
        return at;
    }

    /// <summary>What a line said.</summary>
    sealed class SeenFields
    {
        StringBuilder? _other;
        int _begun;

        public string? Id { get; set; }
        public string? Source { get; set; }
        public List<string> Targets { get; set; } = [];
        public List<string> Choices { get; set; } = [];
        public int[]? PromptIds { get; set; }
        public int[]? TargetIds { get; set; }
        public bool HasIds => PromptIds is not null || TargetIds is not null;
        public ResponseTemplate? Template { get; set; }
        public int? Length { get; set; }
        public string? Other => _other?.Append('}').ToString();

        /// <summary>
        /// Notes a known field; false where it was there before. By a bit a name: a set of names a line would be most of its garbage.
        /// </summary>
        public bool Begin(string name)
        {
            int before = _begun;
            _begun |= 1 << Array.IndexOf(Names, name);
            return _begun != before;
        }

        public void AddOther(ReadOnlySpan<byte> member) =>
            (_other is null ? _other = new StringBuilder("{") : _other.Append(',')).Append(Encoding.UTF8.GetString(member));
    }
}
