using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Cli.Tests.Docs;

/// <summary>
/// Runs what the documents show: blocks marked <c>sh tested</c> line by line, after blocks marked <c>json FILE</c> were
/// written to that file, each document in a folder of its own. A block marked <c>sh up</c> is a <c>dbatch up</c> that
/// runs beside the commands after it, on a free port, and is stopped by Ctrl-C at the document's end.
/// </summary>
public sealed partial class DocumentedCommandsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/operations.md")]
    public async Task The_commands_of_a_document_work(string document)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The documents' commands are for a POSIX shell.");
        string text = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, document));
        int commands = 0;
        await using var up = new UpProcess();
        foreach (Match block in Block().Matches(text))
        {
            string[] info = block.Groups["info"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (info is ["json", var file])
            {
                _folder.Write(file, block.Groups["text"].Value);
            }
            else if (info is ["sh", "up"])
            {
                await up.StartAsync(_folder.Path,
                    [.. block.Groups["text"].Value.Trim()["./dbatch up".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            }
            else if (info is ["sh", "tested"])
            {
                foreach (string command in block.Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    commands++;
                    var (code, output) = await ShellAsync(command, up.Url);
                    Assert.True(code == 0, $"{document}: {command}\nended with {code}:\n{output}");
                }
            }
        }
        if (up.IsRunning) Assert.Equal(130, (await up.InterruptAsync()).ExitCode);
        Assert.True(commands > 0, $"{document} marks no command as tested");
    }

    [Fact]
    public void The_readme_s_first_block_is_the_two_commands_of_a_fresh_machine()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "README.md"));
        Assert.Equal("./dbatch demo\n./dbatch test\n", Block().Match(text).Groups["text"].Value);
    }

    [Fact]
    public void Links_and_pictures_point_to_files_that_exist()
    {
        foreach (string document in (string[])["README.md", "docs/operations.md"])
        {
            string path = Path.Combine(SharedData.RepositoryRoot, document);
            foreach (Match link in Link().Matches(File.ReadAllText(path)))
                Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, link.Groups[1].Value)),
                    $"{document} links to {link.Groups[1].Value}");
        }
    }

    // The launcher itself would build; the tested assembly is the one beside this test.
    async Task<(int Code, string Output)> ShellAsync(string command, Uri? server)
    {
        string line = command.Replace("./dbatch", $"'{Dbatch.Host}' '{Dbatch.Assembly}'", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", $"set -o pipefail; {{ {line}; }} 2>&1"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        if (server is not null) start.Environment["DBATCH_SERVER"] = server.ToString();
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^```(?<info>[^\n]*)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(((?!https?:)[^)#]+)\)")]
    private static partial Regex Link();
}
