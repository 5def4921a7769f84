namespace DiffusionBatch.Cli.Tests.Remote;

public sealed class NoServerTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("watch", "nightly")]
    [InlineData("cancel", "nightly")]
    [InlineData("results", "nightly")]
    [InlineData("poison", "list")]
    [InlineData("poison", "drop", "1")]
    [InlineData("webhook", "list")]
    [InlineData("submit", "manifest.json")]
    public async Task Without_a_server_each_command_says_how_to_start_one(params string[] command)
    {
        _folder.Write("manifest.json", "{}");
        // Nothing listens on the discard port of a test machine.
        var ended = await Dbatch.RunAsync(_folder.Path, [.. command, "--server", "http://127.0.0.1:9"]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("start it with 'dbatch up'", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expected an http or https URL", "status", "--server", "localhost:7071")]
    [InlineData("the manifest does not exist", "submit", "none.json")]
    [InlineData("no such folder", "submit", "manifest.json", "--upload", "none")]
    [InlineData("poison: list, requeue or drop", "poison")]
    [InlineData("webhook: add, list, show", "webhook")]
    [InlineData("not recognized. Must be one of", "webhook", "add", "https://example.com", "--events", "now")]
    [InlineData("--workers", "up", "--workers", "65")]
    public async Task Bad_arguments_are_told_before_anything_is_asked(string said, params string[] command)
    {
        _folder.Write("manifest.json", "{}");
        var ended = await Dbatch.RunAsync(_folder.Path, command);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
    }
}
