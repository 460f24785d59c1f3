module tour

go 1.27
