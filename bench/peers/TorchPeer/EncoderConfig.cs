using System.Text.Json;

namespace DiffusionBatch.Bench.Peer;

/// <summary>What the network needs of a folder's <c>config.json</c>.</summary>
/// <param name="Vocabulary">V.</param>
/// <param name="Hidden">d.</param>
/// <param name="FeedForward">The width between a layer's two feed-forward projections.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Positions">Rows of the position table.</param>
/// <param name="Types">Rows of the token types' table.</param>
/// <param name="Pad">The padding's id; positions begin behind it.</param>
/// <param name="Epsilon">Of the LayerNorms.</param>
/// <param name="Dropout">Of hidden states and attention probabilities.</param>
internal sealed record EncoderConfig(int Vocabulary, int Hidden, int FeedForward, int Layers, int Heads, int Positions, int Types, int Pad,
    double Epsilon, double Dropout)
{
    /// <summary>Reads a checkpoint folder's.</summary>
    internal static EncoderConfig Read(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        int Integer(string name) => json.RootElement.GetProperty(name).GetInt32();
        double Real(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new EncoderConfig(
            Integer("vocab_size"), Integer("hidden_size"), Integer("intermediate_size"), Integer("num_hidden_layers"),
            Integer("num_attention_heads"),
            Integer("max_position_embeddings"), Integer("type_vocab_size"), Integer("pad_token_id"), Real("layer_norm_eps"),
            Real("hidden_dropout_prob"));
    }
}
