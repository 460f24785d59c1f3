module example.com/abi0calls

go 1.27
