using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using Google.Protobuf;

namespace DiffusionBatch.Diffusion.Tests.Tokenization.Added;

/// <summary>Small folders of every family, for added tokens to be put beside.</summary>
internal static class AddedFolder
{
    /// <summary>The families.</summary>
    public static TheoryData<string> Families => ["gpt2", "roberta", "xlm-roberta", "llama", "bert", "smiles", "tokenizer.json"];

    /// <summary>Writes a family's own files.</summary>
    /// <returns>The first id that no token has.</returns>
    public static int Write(TemporaryFolder folder, string family)
    {
        switch (family)
        {
            case "gpt2":
                return WriteBytes(folder, "<|endoftext|>");
            case "roberta":
                folder.Write("tokenizer_config.json", """{"add_prefix_space": true}""");
                return WriteBytes(folder, "<s>", "<pad>", "</s>", "<unk>", "<mask>");
            case "xlm-roberta":
                var letters = SmallModel.Letters(CutKind.Unigram);
                File.WriteAllBytes(Path.Combine(folder.Path, "sentencepiece.bpe.model"), letters.ToByteArray());
                return letters.Pieces.Count + 2;
            case "llama":
                var bytes = SmallModel.Letters(CutKind.Bpe).WithBytes();
                bytes.Normalizer.SingleSpaces = false;
                File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), bytes.ToByteArray());
                folder.Write("config.json", """{"model_type": "llama"}""");
                return bytes.Pieces.Count;
            case "bert":
                folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nab\n##a\n##b\n");
                return 10;
            case "smiles":
                folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nC\nN\n(\n)\n=\n");
                return 10;
            default:
                folder.Write("tokenizer.json",
                    """{"pre_tokenizer": {"type": "WhitespaceSplit"}, "model": {"type": "WordLevel", "unk_token": "u", "vocab": {"u": 0, "a": 1, "b": 2, "ab": 3}}}""");
                return 4;
        }
    }

    /// <summary>Opens a family's folder with added_tokens.json, and other files where they are given.</summary>
    public static ITextTokenizer Open(string family, string? added, params (string Name, string Content)[] files)
    {
        using var folder = new TemporaryFolder();
        Write(folder, family);
        if (added is not null) folder.Write("added_tokens.json", added);
        foreach (var (name, content) in files) folder.Write(name, content);
        return TokenizerFolder.Open(folder.Path)!;
    }

    static int WriteBytes(TemporaryFolder folder, params string[] specials)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string special in specials) ids[special] = ids.Count;
        for (int b = 0; b < 256; b++) ids[ByteAlphabet.TextOf((byte)b)] = ids.Count;
        string[] merges = ["a b", "\u0120 a", "\u0120 ab"];
        foreach (string merge in merges) ids[merge.Replace(" ", "", StringComparison.Ordinal)] = ids.Count;
        folder.Write("vocab.json", System.Text.Json.JsonSerializer.Serialize(ids));
        folder.Write("merges.txt", string.Join('\n', merges));
        return ids.Count;
    }
}
