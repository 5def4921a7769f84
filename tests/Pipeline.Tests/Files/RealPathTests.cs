using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Files;

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
    public void A_links_target_is_relative_to_where_the_link_really_lies()
    {
        // As a Hugging Face cache has it: root/models/x -> cache/snapshots/1, whose files link to ../../blobs.
        Write("cache/blobs/b", "weights");
        Write("cache/snapshots/1/own", "own");
        File.CreateSymbolicLink(Path.Combine(_folder, "cache/snapshots/1/w"), "../../blobs/b");
        Directory.CreateDirectory(Path.Combine(Root, "models"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "models", "x"), Path.Combine(_folder, "cache/snapshots/1"));
        string cache = RealPath.Of(Path.Combine(_folder, "cache"));

        Assert.Equal(Path.Combine(cache, "blobs", "b"), RealPath.Of(Path.Combine(Root, "models", "x", "w")));
        Assert.Equal(PathContent.File, new FolderProbe(Root).Look("models/x/w"));
        Assert.Equal(["own", "w"], FolderFiles.Names(Path.Combine(Root, "models", "x"), "models/x"));
        // ".." goes up from where the link has led.
        Assert.Equal(Path.Combine(cache, "snapshots"), RealPath.Of(Path.Combine(Root, "models", "x", "..")));
        Assert.Equal(Path.Combine(cache, "snapshots", "new"), RealPath.Full(Path.Combine(Root, "models", "x", "..", "new")));
        Assert.Equal(Path.Combine(Root, "models", "x"), RealPath.Full(Path.Combine(Root, "models", ".", "x")));
        // A target's own way may go by links as well.
        Directory.CreateSymbolicLink(Path.Combine(Root, "by"), "models/x/../../blobs");
        Assert.Equal(Path.Combine(cache, "blobs", "b"), RealPath.Of(Path.Combine(Root, "by", "b")));
    }

    [Fact]
    public void Links_that_have_no_end_or_no_target_are_told_by_the_users_name()
    {
        Write("root/m/config.json", "{}");
        Directory.CreateSymbolicLink(Path.Combine(Root, "m", "again"), ".");
        Assert.Equal("m/again is a symbolic link to a folder that it lies in: the files below it have no end", Error("m"));
        Directory.Delete(Path.Combine(Root, "m", "again"));
        Write("root/m/sub/x", "");
        Directory.CreateSymbolicLink(Path.Combine(Root, "m", "sub", "up"), "../..");
        Assert.Equal("m/sub/up is a symbolic link to a folder that it lies in: the files below it have no end", Error("m"));
        Directory.Delete(Path.Combine(Root, "m", "sub", "up"));
        File.CreateSymbolicLink(Path.Combine(Root, "m", "gone"), "nothing");
        Assert.Equal("m/gone is a symbolic link that leads nowhere", Error("m"));
        File.Delete(Path.Combine(Root, "m", "gone"));
        // Two ways to one folder have an end.
        Directory.CreateSymbolicLink(Path.Combine(Root, "m", "twin"), "sub");
        Assert.Equal(["config.json", "sub/x", "twin/x"], FolderFiles.Names(Path.Combine(Root, "m"), "m"));
        File.CreateSymbolicLink(Path.Combine(Root, "circle"), "circle");
        Assert.Equal(PathContent.BehindBrokenLink, new FolderProbe(Root).Look("circle/x"));

        string Error(string folder) => Assert.Throws<IOException>(() => FolderFiles.Names(Path.Combine(Root, folder), folder)).Message;
    }

    void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
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
            ["expected a folder, but \"gone\" is a symbolic link that leads nowhere",
                "expected a file, but \"circle\" is a symbolic link that leads nowhere"],
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

        ManifestReading bad = Read.Json(Manifest("out/results"), new FolderProbe(Root)),
            good = Read.Json(Manifest("results"), new FolderProbe(Root));

        Assert.Equal("\"out/results\" leads out of the storage root by a symbolic link", Assert.Single(bad.Problems).Message);
        Assert.Empty(good.Problems);

        static string Manifest(string output) => $$"""
            {"kind":"sample","name":"s","model":{"from":"m"},"input":"out/in.jsonl","sampler":{"length":{"source":"fixed","value":3 } },"output":"{{output}}"}
            """;
    }
}
