using Cnn.Graph.Files;

namespace Cnn.Graph.Data;

/// <summary>
/// A package of Debian and its descendants that holds data files. apt knows where to fetch it and checks it against the signed
/// archive; unpacking without installing needs no privileges.
/// </summary>
/// <param name="Name">The package's name.</param>
/// <param name="Folder">The folder of its data files, relative to the root of the file system.</param>
internal sealed record DebianPackage(string Name, string Folder)
{
    /// <summary>Fetches the package and unpacks the wanted files, gzip undone, into a folder.</summary>
    /// <param name="files">Names of files that the package holds with <c>.gz</c> after them.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="run">Runs apt-get and dpkg.</param>
    /// <exception cref="CnnGraphException">A tool is missing or fails.</exception>
    public void Fetch(IEnumerable<string> files, string folder, ToolRunner run)
    {
        Run(run, "apt-get", ["download", Name], folder);
        string package = Directory.GetFiles(folder, $"{Name}_*.deb").FirstOrDefault()
            ?? throw new CnnGraphException($"'apt-get download {Name}' left no file '{Name}_….deb'.");
        string root = Path.Combine(folder, "root");
        Run(run, "dpkg", ["-x", package, root], folder);
        foreach (string file in files)
        {
            ReadOnlyMemory<byte> content = DataFile.Read(Path.Combine(root, Folder, file + ".gz"));
            AtomicFile.Write(Path.Combine(folder, file), stream => stream.Write(content.Span));
        }
    }

    private static void Run(ToolRunner run, string tool, string[] arguments, string folder)
    {
        ToolResult result = run(tool, arguments, folder)
            ?? throw new CnnGraphException($"it comes as a package of Debian and Ubuntu, and there is no {tool} here.");
        if (result.ExitCode != 0)
        {
            throw new CnnGraphException($"'{tool} {arguments[0]}' failed: {result.Reason}.");
        }
    }
}
