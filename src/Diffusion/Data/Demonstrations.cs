using System.Text;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>Few-shot prompts: solved examples, drawn for each item, before the item's own prompt.</summary>
/// <param name="pool">The pairs to draw from, at least <paramref name="count"/> + 1, so that an item's own can be left out.</param>
/// <param name="count">k, how many an item gets.</param>
/// <param name="separator">The text behind each.</param>
/// <param name="seed">The seed of the draws.</param>
public sealed class Demonstrations(IReadOnlyList<TrainingPair> pool, int count, string separator, long seed)
{
    /// <summary>
    /// The text before an item's prompt: k different pairs, in the order in which they were drawn, a function of the seed, the
    /// item's id and the pool alone. A pair with the item's id is passed over.
    /// </summary>
    /// <param name="id">The item's id.</param>
    /// <param name="template">The texts around each pair.</param>
    public string Before(string id, PromptTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var draws = CounterRandom.For(seed, "demonstrations of " + id);
        // The first draws of a Fisher-Yates shuffle of the pool, of which only the places that moved are kept.
        var moved = new Dictionary<int, int>();
        var text = new StringBuilder();
        for (int drawn = 0, taken = 0; taken < count && drawn < pool.Count; drawn++)
        {
            int at = drawn + draws.Integer(drawn, pool.Count - drawn);
            var pair = pool[moved.GetValueOrDefault(at, at)];
            moved[at] = moved.GetValueOrDefault(drawn, drawn);
            if (pair.Id == id) continue;
            var (prompt, response) = template.Render(pair.Source, pair.Target);
            text.Append(prompt).Append(response).Append(separator);
            taken++;
        }
        return text.ToString();
    }
}
