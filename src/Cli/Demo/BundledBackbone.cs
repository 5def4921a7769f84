namespace DiffusionBatch.Cli.Demo;

/// <summary>
/// The pretrained model that comes with <c>dbatch</c>: a masked language model of German and English, made by <c>samples/backbone.json</c>.
/// </summary>
internal static class BundledBackbone
{
    /// <summary>The folder beside the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "backbone");

    // What a person reads, and the log of its making, are no part of the model.
    static readonly string[] s_others = ["README.md", "train.jsonl"];

    /// <summary>Copies the model's files into a folder; those that are there already and the same are left alone.</summary>
    /// <exception cref="UserException">The program came without it.</exception>
    public static void CopyTo(string folder)
    {
        if (!Directory.Exists(Folder)) throw new UserException($"the bundled backbone is missing: {Folder}");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Folder))
        {
            string name = Path.GetFileName(file), copy = Path.Combine(folder, name);
            if (s_others.Contains(name, StringComparer.Ordinal)) continue;
            byte[] content = File.ReadAllBytes(file);
            if (!File.Exists(copy) || !content.AsSpan().SequenceEqual(File.ReadAllBytes(copy))) File.WriteAllBytes(copy, content);
        }
    }
}
