using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>Folders of the published vocabularies, as they are downloaded.</summary>
internal static class PublishedFolder
{
    /// <summary>The golden texts with their ids.</summary>
    public static IEnumerable<JsonElement> Golden()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/tokenizers/tokenizers.json")));
        return [.. golden.RootElement.EnumerateArray().Select(e => e.Clone())];
    }

    /// <summary>Makes a folder of one of the golden file's tokenizers and opens it.</summary>
    public static ITextTokenizer Open(TemporaryFolder folder, string name)
    {
        (string From, string To)[] files = name switch
        {
            "xlm-roberta" => [("data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model", "sentencepiece.bpe.model")],
            "llama" => [("data/tokenizers/llama_tokenizer.model", "tokenizer.model")],
            "stories260K" => [("data/models/stories260K/tokenizer.model", "tokenizer.model")],
            "gpt2" => [("data/tokenizers/gpt2-vocab.json", "vocab.json"), ("data/tokenizers/gpt2-merges.txt", "merges.txt")],
            _ => [("data/tokenizers/bert-base-uncased-vocab.txt", "vocab.txt")],
        };
        foreach (var (from, to) in files) File.WriteAllBytes(Path.Combine(folder.Path, to), File.ReadAllBytes(SharedData.Require(from)));
        if (name == "llama") folder.Write("config.json", """{"model_type": "llama"}""");
        return TokenizerFolder.Open(folder.Path)!;
    }
}
