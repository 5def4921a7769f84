namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>The added tokens of a folder: those of all its files together, the better file's where two disagree.</summary>
internal sealed class AddedTokens
{
    readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    readonly Dictionary<int, AddedToken> _byId = [];
    readonly List<(AddedToken Taken, AddedToken Left)> _disagreements = [];

    /// <param name="files">The files' tokens, the file that wins first.</param>
    public AddedTokens(params IEnumerable<IReadOnlyList<AddedToken>> files)
    {
        foreach (var tokens in files)
        {
            // What one file says is taken or left before its own tokens count against each other.
            var taken = new List<AddedToken>();
            foreach (var token in tokens)
            {
                var before = _byContent.GetValueOrDefault(token.Content) ?? _byId.GetValueOrDefault(token.Id);
                if (before is null) taken.Add(token);
                else if (before.DifferenceTo(token) is not null) _disagreements.Add((before, token));
            }
            foreach (var token in taken) _byContent[token.Content] = _byId[token.Id] = token;
        }
    }

    /// <summary>The tokens, by id.</summary>
    public IEnumerable<AddedToken> All => _byId.Values.OrderBy(t => t.Id);

    /// <summary>The highest id; -1 where there is no token.</summary>
    public int HighestId => _byId.Keys.DefaultIfEmpty(-1).Max();

    /// <summary>The id of a text; -1 where it is no added token.</summary>
    public int IdOf(string content) => _byContent.TryGetValue(content, out var token) ? token.Id : -1;

    /// <summary>For every file that was not followed, which one was, and in what they differ.</summary>
    public IReadOnlyList<string> Notes => [.. _disagreements.GroupBy(d => (Taken: d.Taken.FileName, Left: d.Left.FileName)).Select(group =>
    {
        const int Shown = 3;
        string[] differences = [.. group.Select(d => d.Taken.DifferenceTo(d.Left)!)];
        string more = differences.Length > Shown ? $"; and {differences.Length - Shown} more" : "";
        return $"{group.Key.Taken} is taken where {group.Key.Left} disagrees: {string.Join("; ", differences.Take(Shown))}{more}";
    })];
}
