using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class RealPathTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-links-").FullName;

    string Root => Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_links_a_path_is_itself()
    {
        Assert.Equal(Path.Combine(RealPath.Of(Root), "a", "b"), RealPath.Of(Path.Combine(Root, "a", "..", "a", "b")));
        Assert.False(new FolderProbe(Root).Leaves("a/b"));
        Assert.False(new FolderProbe(Root).Leaves("a"));
    }

    [Fact]
    public void A_link_is_followed_wherever_it_stands()
    {
        string outside = Directory.CreateDirectory(Path.Combine(_folder, "root-too", "deep")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(Root, "out"), Path.GetDirectoryName(outside)!);
        Directory.CreateSymbolicLink(Path.Combine(Root, "relative"), "../root-too");
        Directory.CreateDirectory(Path.Combine(Root, "in"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "inside"), "in");
        var probe = new FolderProbe(Root);

        Assert.Equal(RealPath.Of(outside), RealPath.Of(Path.Combine(Root, "out", "deep")));
        Assert.True(probe.Leaves("out"));
        Assert.True(probe.Leaves("out/deep/new/folder"));
        Assert.True(probe.Leaves("relative/new"));
        Assert.False(probe.Leaves("inside/new"));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_neither_file_nor_folder()
    {
        File.CreateSymbolicLink(Path.Combine(Root, "gone"), "nothing");
        File.CreateSymbolicLink(Path.Combine(Root, "circle"), "circle");
        File.WriteAllText(Path.Combine(Root, "file"), "");
        File.CreateSymbolicLink(Path.Combine(Root, "good"), "file");
        Directory.CreateSymbolicLink(Path.Combine(Root, "folder"), "..");
        var probe = new FolderProbe(Root);
        Assert.Equal(
            [PathContent.BrokenLink, PathContent.BrokenLink, PathContent.File, PathContent.Folder],
            new[] { "gone", "circle", "good", "folder" }.Select(probe.Look));
        string manifest = Path.Combine(_folder, "m.json");
        File.WriteAllText(manifest, """{"kind":"sample","name":"s","model":{"from":"gone"},"input":"circle","output":"new"}""");
        Assert.Equal(
            ["expected a folder, but \"gone\" is a symbolic link that leads nowhere", "expected a file, but \"circle\" is a symbolic link that leads nowhere"],
            ManifestReader.Read(manifest, Root).Problems.Select(p => p.Message));
    }

    [Fact]
    public void A_root_that_is_a_link_itself_is_the_root()
    {
        string link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, Root);
        Assert.False(new FolderProbe(link).Leaves("results/new"));
    }

    [Fact]
    public void A_circle_of_links_is_an_error()
    {
        Directory.CreateSymbolicLink(Path.Combine(Root, "a"), "b");
        Directory.CreateSymbolicLink(Path.Combine(Root, "b"), "a");
        Assert.Contains("circle", Assert.Throws<IOException>(() => RealPath.Of(Path.Combine(Root, "a", "x"))).Message);
    }

    [Fact]
    public void An_output_that_leads_out_of_the_root_is_refused_and_an_input_is_not()
    {
        string outside = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(outside, "in.jsonl"), "{\"id\":\"1\",\"source\":\"a\"}\n");
        Directory.CreateSymbolicLink(Path.Combine(Root, "out"), outside);
        Directory.CreateDirectory(Path.Combine(Root, "m"));

        ManifestReading bad = Read.Json(Manifest("out/results"), new FolderProbe(Root)), good = Read.Json(Manifest("results"), new FolderProbe(Root));

        Assert.Equal("\"out/results\" leads out of the storage root by a symbolic link", Assert.Single(bad.Problems).Message);
        Assert.Empty(good.Problems);

        static string Manifest(string output) => $$"""
            {"kind":"sample","name":"s","model":{"from":"m"},"input":"out/in.jsonl","sampler":{"length":{"source":"fixed","value":3 } },"output":"{{output}}"}
            """;
    }
}
