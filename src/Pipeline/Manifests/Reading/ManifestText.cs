using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>A manifest's text while it is read: its tree, and the problems found so far.</summary>
internal sealed class ManifestText(string file, ManifestNode root)
{
    readonly Dictionary<string, ManifestNode> _nodes = root.All().ToDictionary(node => node.Pointer, StringComparer.Ordinal);
    readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>What problems call the text.</summary>
    public string File { get; } = file;

    /// <summary>The whole document.</summary>
    public ManifestNode Root { get; } = root;

    /// <summary>The problems in the order in which they were found.</summary>
    public List<Problem> Problems { get; } = [];

    /// <summary>Whether the manifest gives a value.</summary>
    public bool Gives(string pointer) => _nodes.ContainsKey(pointer);

    /// <summary>Whether values can be used: none of them, what holds them or what they hold had a problem.</summary>
    public bool Good(params ReadOnlySpan<string> pointers)
    {
        foreach (string pointer in pointers)
            foreach (string failed in _failed)
                if (failed == pointer || failed.StartsWith(pointer + "/", StringComparison.Ordinal)
                    || pointer.StartsWith(failed + "/", StringComparison.Ordinal)) return false;
        return true;
    }

    /// <summary>Notes a problem of a value.</summary>
    public void Add(ManifestNode node, string message) => Add(node.Pointer, node.Line, node.Column, message);

    /// <summary>Notes a problem of a value, or, where the manifest doesn't give it, of the nearest value that holds it.</summary>
    public void Add(string pointer, string message)
    {
        var node = Nearest(pointer);
        Add(pointer, node.Line, node.Column, message);
    }

    /// <summary>Notes that a field is missing from an object: the problem is the object's, the field fails.</summary>
    public void AddMissing(ManifestNode node, string field, string message)
    {
        Add(node, message);
        _failed.Remove(node.Pointer);
        _failed.Add(ManifestNode.Under(node.Pointer, field));
    }

    /// <summary>Notes a problem at a place; the pointer's value then can't be used.</summary>
    public void Add(string pointer, int line, int column, string message)
    {
        Problems.Add(new Problem(File, pointer, line, column, message));
        _failed.Add(pointer);
    }

    /// <summary>The value at a pointer, or the innermost value around it.</summary>
    public ManifestNode Nearest(string pointer)
    {
        while (true)
        {
            if (_nodes.TryGetValue(pointer, out var node)) return node;
            pointer = pointer[..pointer.LastIndexOf('/')];
        }
    }
}
