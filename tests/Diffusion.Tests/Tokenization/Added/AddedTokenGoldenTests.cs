using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using Google.Protobuf;

namespace DiffusionBatch.Diffusion.Tests.Tokenization.Added;

/// <summary>What tokenizers 0.23.2 makes of texts with added tokens; golden/README.md says how the file was made.</summary>
public sealed class AddedTokenGoldenTests
{
    static readonly Dictionary<string, JsonElement> s_groups = Read();

    public static TheoryData<string> Names => [.. s_groups.Keys];

    static Dictionary<string, JsonElement> Read()
    {
        using var golden = JsonDocument.Parse(typeof(AddedTokenGoldenTests).Assembly.GetManifestResourceStream("added-tokens.json")!);
        return golden.RootElement.EnumerateArray().ToDictionary(g => g.GetProperty("name").GetString()!, g => g.Clone());
    }

    [Theory, MemberData(nameof(Names))]
    public void Ids_are_those_of_tokenizers(string name)
    {
        var group = s_groups[name];
        using var serialized = new TemporaryFolder();
        serialized.Write("tokenizer.json", group.GetProperty("tokenizer").GetRawText());
        Check(group, TokenizerFolder.Open(serialized.Path)!);
        if (group.GetProperty("files").ValueKind == JsonValueKind.Null) return;

        using var folder = new TemporaryFolder();
        foreach (var file in group.GetProperty("files").EnumerateObject()) folder.Write(file.Name, file.Value.GetString()!);
        if (group.TryGetProperty("model", out var model)) Write(folder, model);
        Check(group, TokenizerFolder.Open(folder.Path)!);
        // tokenizer.json beside them has the added tokens, too.
        folder.Write("tokenizer.json", group.GetProperty("tokenizer").GetRawText());
        var both = TokenizerFolder.Open(folder.Path)!;
        Check(group, both);
        Assert.Empty(both.AddedTokens.Notes);
        using var copy = new TemporaryFolder();
        both.Save(copy.Path);
        Check(group, TokenizerFolder.Open(copy.Path)!);
    }

    static void Check(JsonElement group, ITextTokenizer tokenizer)
    {
        foreach (var item in group.GetProperty("cases").EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] expected = [.. item.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];
            Assert.Equal((text, string.Join(' ', expected)), (text, string.Join(' ', tokenizer.Encode(text))));
            if (item.TryGetProperty("decoded", out var decoded)) Assert.Equal(decoded.GetString(), tokenizer.Decode(expected));
        }
    }

    static void Write(TemporaryFolder folder, JsonElement description)
    {
        var model = new ModelFile
        {
            Trainer = new TrainerSpec
            {
                Cut = Enum.Parse<CutKind>(description.GetProperty("cut").GetString()!),
                ByteFallback = description.TryGetProperty("byteFallback", out var bytes) && bytes.GetBoolean()
            },
            Normalizer = new NormalizerSpec
            {
                AddSpace = description.GetProperty("addSpace").GetBoolean(),
                SingleSpaces = description.GetProperty("singleSpaces").GetBoolean()
            },
        };
        foreach (var piece in description.GetProperty("pieces").EnumerateArray())
            model.With(piece[0].GetString()!, piece[1].GetSingle(), Enum.Parse<PieceKind>(piece[2].GetString()!));
        string file = description.GetProperty("numbering").GetString() == "own" ? "tokenizer.model" : "sentencepiece.bpe.model";
        File.WriteAllBytes(Path.Combine(folder.Path, file), model.ToByteArray());
    }
}
