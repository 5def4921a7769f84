namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>A tokenizer's own tokens, for added ones to be checked against.</summary>
/// <param name="Name">The file that they stand in, for errors.</param>
/// <param name="IdOf">A token's id; -1 where there is no such token.</param>
/// <param name="TokenOf">An id's token; null where it has none.</param>
internal sealed record BaseVocabulary(string Name, Func<string, int> IdOf, Func<int, string?> TokenOf)
{
    /// <summary>The tokens of a table.</summary>
    public static BaseVocabulary Of(string name, IReadOnlyDictionary<string, int> ids)
    {
        // Most folders have nothing that is checked against it.
        var tokens = new Lazy<Dictionary<int, string>>(() =>
        {
            var owners = new Dictionary<int, string>(ids.Count);
            foreach (var (token, id) in ids) owners.TryAdd(id, token);
            return owners;
        });
        return new BaseVocabulary(name, token => ids.TryGetValue(token, out int id) ? id : -1, id => tokens.Value.GetValueOrDefault(id));
    }

    /// <summary>Checks that a token is either new, or the one that has its id here.</summary>
    /// <exception cref="TokenizerException">It isn't.</exception>
    public void Check(AddedToken token)
    {
        string? owner = TokenOf(token.Id);
        if (owner == token.Content) return;
        if (IdOf(token.Content) is >= 0 and var id)
            throw token.Wrong($"the token \"{token.Content}\" has two ids, {id} in {Name} and {token.Id} here.");
        if (!string.IsNullOrEmpty(owner))
            throw token.Wrong($"the id {token.Id} of \"{token.Content}\" is that of \"{owner}\" in {Name}; expected an id of its own.");
    }
}
