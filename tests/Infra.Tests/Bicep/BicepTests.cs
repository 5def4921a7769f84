using System.Text.RegularExpressions;

namespace DiffusionBatch.Infra.Tests.Bicep;

/// <summary>The templates compile and pass the linter without a word, and are formatted as Bicep formats.</summary>
public sealed partial class BicepTests
{
    [Fact]
    public async Task The_templates_compile_and_pass_the_linter_without_a_word() =>
        // The main template brings each module with it: what is said against one is said here.
        Assert.Equal("", await BicepCompiler.ComplaintsAsync(Path.Combine(BicepCompiler.Folder, "main.bicep")));

    [Fact]
    public async Task Every_module_is_part_of_the_main_template()
    {
        string[] modules = [.. BicepCompiler.Templates.Select(t => Path.GetRelativePath(BicepCompiler.Folder, t))
            .Where(t => t != "main.bicep")];
        string main = await File.ReadAllTextAsync(Path.Combine(BicepCompiler.Folder, "main.bicep"));
        Assert.NotEmpty(modules);
        Assert.All(modules, m => Assert.Contains($"'{m.Replace('\\', '/')}'", main, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("param unused string", "no-unused-params")]
    [InlineData("resource r 'Microsoft.Storage/storageAccounts@1999-01-01' = { name: 'r' }", "BCP081")]
    [InlineData("module m 'br/public:avm/res/storage/storage-account:0.8.3' = {}", "BCP190")]
    public async Task What_is_wrong_with_a_template_is_said(string text, string rule)
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-bicep-").FullName;
        try
        {
            File.Copy(Path.Combine(BicepCompiler.Folder, "bicepconfig.json"), Path.Combine(folder, "bicepconfig.json"));
            string template = Path.Combine(folder, "wrong.bicep");
            await File.WriteAllTextAsync(template, text + "\n", TestContext.Current.CancellationToken);
            Assert.Contains(rule, await BicepCompiler.ComplaintsAsync(template), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_document_tells_of_each_of_azd_s_variables()
    {
        string[] variables = [.. VariableName().Matches(File.ReadAllText(Path.Combine(BicepCompiler.Folder, "main.parameters.json")))
            .Select(m => m.Value)];
        string[] own = [.. variables.Where(v => !v.StartsWith("AZURE_", StringComparison.Ordinal)
            && !v.StartsWith("SERVICE_", StringComparison.Ordinal))];
        string document = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "deployment.md"));
        Assert.NotEmpty(own);
        Assert.Equal(own.Order(StringComparer.Ordinal),
            DocumentedVariable().Matches(document).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Templates_are_formatted()
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-bicep-").FullName;
        try
        {
            foreach (string template in BicepCompiler.Templates) File.Copy(template, Path.Combine(folder, Path.GetFileName(template)));
            var (code, output) = await BicepCompiler.RunAsync("format", "--pattern", Path.Combine(folder, "*.bicep"));
            Assert.True(code == 0, output);
            foreach (string template in BicepCompiler.Templates)
                Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, Path.GetFileName(template))),
                    await File.ReadAllTextAsync(template));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"(?<=\$\{)\w+")]
    private static partial Regex VariableName();

    // A row of a table: capitals all through, which the code's settings aren't.
    [GeneratedRegex(@"^\| `([A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedVariable();
}
