namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>Reads tokenizer.json's <c>post_processor</c>: which ids stand around a single text.</summary>
internal static class FrameReader
{
    /// <summary>The frame; null where the processor says nothing of it.</summary>
    /// <exception cref="TokenizerException">It is of a type that isn't supported, or broken.</exception>
    public static TextFrame? Read(SerializedPart part)
    {
        if (!part.Exists) return null;
        switch (part.Type)
        {
            case "ByteLevel": return null;
            case "Sequence": return part.Items("processors").Select(Read).LastOrDefault(f => f is not null);
            case "BertProcessing" or "RobertaProcessing": return new TextFrame([Id(part, "cls")], [Id(part, "sep")]);
            case "TemplateProcessing": return Template(part);
            default: throw part.Unsupported("post_processor");
        }
    }

    static int Id(SerializedPart part, string name)
    {
        var pair = part[name];
        return pair.Exists && pair.Json.ValueKind == System.Text.Json.JsonValueKind.Array && pair.Json.GetArrayLength() == 2
            && pair.Json[1].TryGetInt32(out int id) ? id : throw part.Wrong(name, "expected a token and its id");
    }

    static TextFrame Template(SerializedPart part)
    {
        List<int> before = [], after = [];
        bool seen = false;
        foreach (var item in part.Items("single"))
        {
            if (item["Sequence"].Exists)
            {
                seen = true;
                continue;
            }
            string name = item["SpecialToken"].Text("id")
                ?? throw item.Wrong("", "expected {\"SpecialToken\": ...} or {\"Sequence\": ...}");
            foreach (var id in part["special_tokens"][name].Items("ids"))
                (seen ? after : before).Add(id.Json.TryGetInt32(out int value) ? value : throw id.Wrong("", "expected an id"));
        }
        return new TextFrame(before, after);
    }
}
